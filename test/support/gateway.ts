/** A gateway over fakes, on real HTTP: what the tests of the gateway share. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { EventEntry, InputEntry } from '../../src/catalogue/generated/types.js';
import { type App, BlobDirectory, createGateway, type GatewayOptions, type Timers } from '../../src/gateway/index.js';
import type { Answer, Inbox } from '../../src/inbox/port.js';
import type { JournalRecord } from '../../src/journal/port.js';
import { checkSubmission } from '../../src/kernel/decide/check-submission.js';
import type { AcceptedTurn, Outbox, TurnListener } from '../../src/outbox/port.js';
import type {
  ChildView,
  DagQuery,
  DagSummary,
  DagView,
  DispatchView,
  ExecutorView,
  ExplainView,
  FoldSignals,
  FoundJob,
  JobQuery,
  JobView,
  OutputView,
  Page,
  Views,
} from '../../src/scheduler/views.js';
import { realTimers } from './timers.js';

export const CELL = 'main';

/** What an inbox does with one input; undefined means an acceptance without events. */
export type Decide = (input: InputEntry, index: number) => readonly EventEntry[] | Error | undefined;

/** An inbox that takes everything into turns of its own, unless told otherwise. */
export class FakeInbox implements Inbox {
  readonly inputs: InputEntry[] = [];
  turn = 0;
  decide: Decide = () => undefined;

  put(input: InputEntry): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.putEach([input], (_, outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
    });
  }

  putEach(inputs: readonly InputEntry[], told: (index: number, outcome: Answer | Error) => void): void {
    const turn = ++this.turn;
    inputs.forEach((input, i) => {
      const index = this.inputs.push(input) - 1;
      const events = this.decide(input, index);
      told(i, events instanceof Error ? events : { turn, atMs: 1_000 + turn, index, events: events ?? [] });
    });
  }
}

/** An outbox that gives out what a test says. */
export class FakeOutbox implements Outbox {
  readonly #listeners = new Set<TurnListener>();
  #published = 0;

  get listeners(): number {
    return this.#listeners.size;
  }

  subscribe(listener: TurnListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  published(): number {
    return this.#published;
  }

  publish(turn: number, entries: AcceptedTurn['entries']): void {
    this.#published = turn;
    for (const listener of [...this.#listeners]) listener({ cell: CELL, epoch: 1, turn, atMs: 1_000 + turn, entries });
  }
}

/** A dispatch of a token, as a fold would give it. */
export function dispatchOf(token: number, inputsJson = '{}'): DispatchView {
  return {
    token: `${CELL}.1.0.1.${token}`,
    tenant: 'default',
    dagId: 'd1',
    job: 'split',
    child: null,
    childCount: null,
    attempt: 1,
    executorClass: 'splitter',
    slots: 1,
    timeoutMs: null,
    inputsJson,
    itemJson: null,
  };
}

/** The events of a turn that dispatches a token. */
export function granted(token: number, executor = 1): EventEntry[] {
  const evidence = {} as never;
  return [
    { code: Code.LeaseGranted, cause: -2, body: { token, dag: 1, job: 0, attempt: 1, executor } },
    { code: Code.SlotReserved, cause: -2, body: { token, executor, slots: 1 } },
    { code: Code.JobDispatched, cause: -2, body: { token, dag: 1, job: 0, evidence, deadline: null } },
  ];
}

/** A fold that holds what a test puts there. */
export class FakeViews implements Views {
  turn = 0;
  readonly dags = new Map<string, DagView>();
  readonly jobsOf = new Map<number, JobView[]>();
  readonly outputs = new Map<string, OutputView>();
  readonly children = new Map<string, ChildView[]>();
  /** Whether the DAG of a collection is gone when more of it is asked for. */
  isForgotten = (): boolean => false;
  readonly registered = new Map<string, { seq: number; incarnation: string; live: boolean }>();
  readonly unacknowledgedOf = new Map<number, number[]>();
  readonly stoppingOf = new Map<number, number[]>();
  readonly states = new Map<number, ExecutorView['state']>();
  /** Leases that are over: their dispatches cannot be resolved any more. */
  readonly over = new Set<number>();
  resolve: (token: number) => DispatchView = (token) => dispatchOf(token);

  cell() {
    return {
      cell: CELL,
      turn: this.turn,
      atMs: 1_000 + this.turn,
      epoch: 1,
      policy: 'fifo@1',
      stateHash: '00',
      openDags: 1,
      knownJobs: 2,
      readyJobs: 3,
      inboxWaiting: 4,
      clockAheadMs: this.clockAheadMs(),
    };
  }

  readonly mayBeGranted = (): boolean => true;
  readonly clockAheadMs = (): number | null => 7;

  classes() {
    const counts = { executors: 1, slotsAdvertised: 4, slotsReserved: 3, slotsReclaiming: 1, slotsFree: 1, ready: 9 };
    const limits = { maxSlots: null, unitCost: 0, rates: [] };
    return [{ group: 'default', executorClass: 'ocr', ...counts, meanOccupancyMs: 12, ...limits }];
  }

  executors(): readonly ExecutorView[] {
    return [...this.registered].map(([executor, { seq, incarnation }]) => ({
      executor,
      seq,
      incarnation,
      group: 'default',
      executorClass: 'splitter',
      state: this.states.get(seq) ?? 'live',
      slots: 4,
      slotsReserved: 0,
      slotsReclaiming: 0,
      sessionUntilMs: 9_999,
    }));
  }

  executor(id: string) {
    return this.registered.get(id) ?? null;
  }

  async dag(tenant: string, dagId: string) {
    return this.dags.get(`${tenant}/${dagId}`) ?? null;
  }

  /** What searches were asked for, and what they answer. */
  readonly asked: (DagQuery | JobQuery)[] = [];
  foundDags: Page<DagSummary, number> = { items: [], next: null };
  foundJobs: Page<FoundJob, { readonly dag: number; readonly index: number }> = { items: [], next: null };

  async findDags(query: DagQuery) {
    this.asked.push(query);
    return this.foundDags;
  }

  async findJobs(query: JobQuery) {
    this.asked.push(query);
    return this.foundJobs;
  }

  async job(dag: number, id: string) {
    return (this.jobsOf.get(dag) ?? []).find(({ job }) => job === id) ?? null;
  }

  readonly explained = new Map<string, ExplainView>();

  async explain(dag: number, job: string) {
    return this.explained.get(`${dag}/${job}`) ?? null;
  }

  async graph(dag: number, from: number, limit: number) {
    const jobs = (this.jobsOf.get(dag) ?? []).slice(from, from + limit);
    return { items: jobs.map((job) => ({ ...job, after: [], conditional: false })), next: null };
  }

  cellLimits() {
    const limit = { limit: 5, used: 1, isDefault: true };
    return { knownJobs: limit, retainTerminalMs: limit, retainTerminalJobs: limit, retainExecutorsMs: limit };
  }

  tenant(name: string) {
    const limit = { limit: 5, used: 1, isDefault: true };
    return name === 'acme'
      ? { tenant: name, weight: 1, openDags: limit, activeDags: limit, runnableJobs: limit, heldDags: 0 }
      : null;
  }

  tenants(after: number) {
    const acme = this.tenant('acme');
    return { items: acme === null || after > 0 ? [] : [acme], next: null };
  }

  async jobs(dag: number, from: number, limit: number) {
    return (this.jobsOf.get(dag) ?? []).slice(from, from + limit);
  }

  async collection(dag: number, job: string, from: number, limit: number) {
    const children = (this.children.get(`${dag}/${job}`) ?? []).slice(from, from + limit);
    return { next: async (atMost: number) => (this.isForgotten() ? null : children.splice(0, atMost)) };
  }

  async failure() {
    return null;
  }

  async output(dag: number, job: string) {
    return this.outputs.get(`${dag}/${job}`) ?? null;
  }

  async dispatches(tokens: readonly number[]) {
    return tokens.map((token) => (this.over.has(token) ? null : this.resolve(token)));
  }

  unacknowledged(executor: number) {
    return this.unacknowledgedOf.get(executor) ?? [];
  }

  stopping(executor: number) {
    return this.stoppingOf.get(executor) ?? [];
  }

  /** Which executor holds a token, for stop messages. */
  readonly holders = new Map<number, number>();

  leaseOf(token: number) {
    const executor = this.holders.get(token);
    return executor === undefined ? null : { executor, dag: 1, job: 0, attempt: 1, token };
  }

  ownerOf(token: number): number {
    return this.holders.get(token) ?? 0;
  }
}

/** A fold of which there is nothing to be measured. */
const NO_SIGNALS: FoldSignals = {
  classOfExecutor: () => 1,
  className: () => ({ group: 'default', executorClass: 'ocr' }),
  waitMs: () => -1,
  eachOpenDag: () => undefined,
  eachHeldToken: () => undefined,
  pressure: async () => [],
};

/** All that a test can set and look at. */
export interface GatewayFixture {
  readonly app: App;
  readonly url: string;
  readonly inbox: FakeInbox;
  readonly outbox: FakeOutbox;
  readonly views: FakeViews;
  readonly records: JournalRecord[];
  readonly names: Map<number, { tenant: string; dagId: string }>;
  readonly blobRoot: string;
  nowMs: number;
  notReady: string | null;
  observeAppend: (ms: number) => void;
  close(): Promise<void>;
}

/** Starts a gateway on a free port of the loopback interface. */
export async function startGateway(timers: Timers = realTimers, options: GatewayOptions = {}): Promise<GatewayFixture> {
  const inbox = new FakeInbox();
  const outbox = new FakeOutbox();
  const views = new FakeViews();
  const records: JournalRecord[] = [];
  const names = new Map<number, { tenant: string; dagId: string }>();
  const blobRoot = await mkdtemp(join(tmpdir(), 'marie-blobs-'));
  let nextId = 0;
  const fixture: Omit<GatewayFixture, 'app' | 'url' | 'close'> = {
    inbox,
    outbox,
    views,
    records,
    names,
    blobRoot,
    nowMs: 1_000_000,
    notReady: null,
    observeAppend: () => {},
  };
  const app = await createGateway(
    {
      inbox,
      outbox,
      views,
      signals: NO_SIGNALS,
      leases: views,
      names: { nameOf: async (dag) => names.get(dag) ?? null },
      journal: {
        async *read(fromTurn) {
          for (const record of records) if (record.turn >= fromTurn) yield record;
        },
        firstTurn: () => records[0]?.turn ?? 1,
      },
      blobs: new BlobDirectory(blobRoot, () => String(nextId++)),
      checkSubmission,
      clock: { nowMs: () => fixture.nowMs },
      ids: { next: () => `id-${nextId++}` },
      timers,
      notReady: () => fixture.notReady,
      appendTimes: {
        subscribe(observe) {
          fixture.observeAppend = observe;
          return () => {};
        },
      },
    },
    options,
  );
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return Object.assign(fixture, {
    app,
    url,
    async close() {
      await app.close();
      await rm(blobRoot, { recursive: true, force: true });
    },
  });
}

/** Posts a body; objects as JSON, text as it is. */
export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: text as string,
  });
}

/** The parsed lines of an NDJSON answer. */
export async function lines(response: Response): Promise<Record<string, unknown>[]> {
  const text = await response.text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Reads a streamed answer piece by piece. */
export class StreamReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  readonly #separator: string;
  #buffer = '';

  constructor(response: Response, separator = '\n') {
    this.#reader = (response.body as ReadableStream<Uint8Array>).getReader();
    this.#separator = separator;
  }

  /** The next piece, or null at the end. */
  async next(): Promise<string | null> {
    for (;;) {
      const at = this.#buffer.indexOf(this.#separator);
      if (at >= 0) {
        const piece = this.#buffer.slice(0, at);
        this.#buffer = this.#buffer.slice(at + this.#separator.length);
        return piece;
      }
      const { done, value } = await this.#reader.read();
      if (done) return null;
      this.#buffer += this.#decoder.decode(value, { stream: true });
    }
  }

  /** The next line as JSON. */
  async json(): Promise<Record<string, unknown> | null> {
    const line = await this.next();
    return line === null ? null : (JSON.parse(line) as Record<string, unknown>);
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel();
  }
}

/** A gateway over fakes, on real HTTP: what the tests of the gateway share. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { EventEntry, InputEntry } from '../../src/catalogue/generated/types.js';
import type { NamedReign } from '../../src/gateway/deps.js';
import { type App, BlobDirectory, createGateway, type GatewayOptions, type Timers } from '../../src/gateway/index.js';
import type { Answer, Inbox } from '../../src/inbox/port.js';
import { JournalError } from '../../src/journal/errors.js';
import type { JournalRecord } from '../../src/journal/port.js';
import { checkSubmission } from '../../src/kernel/decide/check-submission.js';
import type { AcceptedTurn, Outbox, TurnListener } from '../../src/outbox/port.js';
import type { FoldSignals } from '../../src/scheduler/views/port.js';
import { CELL, FakeViews } from './fake-views.js';
import { realTimers } from './timers.js';

export { CELL, dispatchOf, FakeViews } from './fake-views.js';

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
  readonly #onDropped = new Set<() => void>();
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

  onDropped(listener: () => void): () => void {
    this.#onDropped.add(listener);
    return () => this.#onDropped.delete(listener);
  }

  /** The fold was dropped: another leader made its last turns. */
  drop(): void {
    for (const listener of [...this.#onDropped]) listener();
  }

  publish(turn: number, entries: AcceptedTurn['entries'], hash = new Uint8Array(32)): void {
    this.#published = turn;
    const accepted = { cell: CELL, epoch: 1, turn, hash, atMs: 1_000 + turn, entries };
    for (const listener of [...this.#listeners]) listener(accepted);
  }
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

/** A fold of which there is nothing to be measured. */
const NO_SIGNALS: FoldSignals = {
  classOfExecutor: () => 1,
  className: () => ({ group: 'default', executorClass: 'ocr' }),
  waitMs: () => -1,
  eachFirstRun: () => undefined,
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
  wallMs: number;
  monotonicMs: number;
  notReady: string | null;
  reign: NamedReign | null;
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
    wallMs: 1_000_000,
    monotonicMs: 0,
    notReady: null,
    reign: null,
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
          const first = records[0]?.turn ?? 1;
          if (fromTurn < first) throw new JournalError('not-found', `turn ${fromTurn} is before turn ${first}`);
          for (const record of records) if (record.turn >= fromTurn) yield record;
        },
      },
      blobs: new BlobDirectory(blobRoot, () => String(nextId++)),
      checkSubmission,
      clock: { wallMs: () => fixture.wallMs, monotonicMs: () => fixture.monotonicMs },
      ids: { next: () => `id-${nextId++}` },
      timers,
      notReady: () => fixture.notReady,
      role: () => 'leader',
      reign: () => fixture.reign,
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
  #buffer = '';

  constructor(
    response: Response,
    private readonly separator: string = '\n',
  ) {
    this.#reader = (response.body as ReadableStream<Uint8Array>).getReader();
  }

  /** The next piece, or null at the end. */
  async next(): Promise<string | null> {
    for (;;) {
      const at = this.#buffer.indexOf(this.separator);
      if (at >= 0) {
        const piece = this.#buffer.slice(0, at);
        this.#buffer = this.#buffer.slice(at + this.separator.length);
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

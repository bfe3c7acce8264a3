/** The same inputs at the same times come to the same history, whichever adapters they came through. */
import { beforeEach, expect, it } from 'vitest';
import { sealInput } from '../../../src/catalogue/codec.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { AnyEntry, EventEntry, InputEntry, LeaseRef } from '../../../src/catalogue/generated/types.js';
import { decodeTurn } from '../../../src/catalogue/turn.js';
import { readSubmission } from '../../../src/edge/submission/read.js';
import { EmbeddedInbox } from '../../../src/inbox/embedded.js';
import { KafkaInbox } from '../../../src/inbox/kafka/inbox.js';
import { KafkaInputs } from '../../../src/inbox/kafka/source.js';
import type { Inbox, InputSource } from '../../../src/inbox/port.js';
import { openKafkaJournal } from '../../../src/journal/kafka/open.js';
import type { Journal } from '../../../src/journal/port.js';
import { Framing } from '../../../src/kafka/framing.js';
import { topicName } from '../../../src/kafka/topics/names.js';
import { checkSubmission } from '../../../src/kernel/decide/check-submission.js';
import { LAYOUT } from '../../../src/kernel/rows/tables.js';
import type { AcceptedTurn } from '../../../src/outbox/port.js';
import { Leader } from '../../../src/scheduler/leader.js';
import type { LoopTimers } from '../../../src/scheduler/ports.js';
import { openFold } from '../../../src/scheduler/start.js';
import { makeCellTopics, PARTITIONS } from '../../support/kafka/cell.js';
import { freshName, needsKafka, sharedKafka } from '../../support/kafka/shared.js';
import { MemoryJournal } from '../../support/memory/journal.js';
import { openMemoryStore } from '../../support/memory/open-store.js';

beforeEach((context) => needsKafka(context));

const START_MS = 1_700_000_000_000;
const STEP_MS = 137;
const STEPS = 120;
/** Delays up to this many ms pass by themselves; longer ones never do: time is what the script says. */
const SHORT_MS = 10;

/** An input, and when it is handed in. */
interface Step {
  readonly atMs: number;
  readonly input: InputEntry;
}

/** Timers of a loop whose clock stands still between steps. */
class StandingTimers implements LoopTimers {
  readonly #waiting = new Set<object>();

  /** The loop sleeps: beside its watch something waits. */
  get isAsleep(): boolean {
    return this.#waiting.size > 1;
  }

  after(delayMs: number, run: () => void): () => void {
    const entry = {};
    this.#waiting.add(entry);
    const fire = (): void => {
      this.#waiting.delete(entry);
      run();
    };
    const timer = delayMs <= SHORT_MS ? setTimeout(fire, delayMs) : null;
    return () => {
      this.#waiting.delete(entry);
      if (timer !== null) clearTimeout(timer);
    };
  }

  pause(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
}

interface Adapters {
  readonly journal: Journal;
  readonly source: InputSource;
  readonly inbox: Inbox;
  readonly accept: (turn: AcceptedTurn) => void;
}

/** A leader on some adapters, which is given one input at a time, at the time of its step. */
class Stage {
  readonly turns: AcceptedTurn[] = [];
  #nowMs = START_MS;
  /** When the next input is taken; only then does time move on, however long it was on its way. */
  #nextMs = START_MS;
  readonly #timers = new StandingTimers();
  #leader: Leader | null = null;
  #failure: Error | null = null;

  constructor(
    private readonly cell: string,
    private readonly adapters: Adapters,
  ) {}

  async start(): Promise<void> {
    const { cell, adapters } = this;
    const { source } = adapters;
    const take = source.take.bind(source);
    source.take = (most, bytes) => {
      if (source.waiting > 0) this.#nowMs = this.#nextMs;
      return take(most, bytes);
    };
    const openStore = () => openMemoryStore({ cell, layout: LAYOUT });
    const { kernel, cold, materializer, position } = await openFold({
      cell,
      openStore,
      openJournal: async () => ({ journal: adapters.journal }),
    });
    const now = (): number => this.#nowMs;
    this.#leader = new Leader(
      {
        cell,
        kernel,
        cold,
        materializer,
        journal: adapters.journal,
        inbox: adapters.source,
        outbox: {
          published: () => this.turns.at(-1)?.turn ?? 0,
          publish: (turn) => {
            this.turns.push(turn);
            adapters.accept(turn);
          },
        },
        clocks: { wallMs: now, monotonicMs: now },
        timers: this.#timers,
        writer: Buffer.alloc(16, 7),
        syncEveryMs: 0,
        onFatal: (error) => {
          this.#failure = error;
        },
      },
      position,
    );
    await this.#leader.start();
  }

  /** Hands in an input and waits until nothing is left to do at this time. */
  async take({ atMs, input }: Step): Promise<readonly EventEntry[]> {
    this.#nextMs = atMs;
    const before = this.turns.length;
    this.adapters.inbox.put(input).catch(() => undefined);
    const isDone = (): boolean => {
      if (this.#failure !== null) throw this.#failure;
      const taken = this.turns
        .slice(before)
        .some(({ entries }) => entries.includes(input) || entries.some(isThe(input)));
      return taken && this.#timers.isAsleep && this.turns.at(-1)?.turn === this.#leader?.turn;
    };
    await expect.poll(isDone, { interval: 2 }).toBe(true);
    return this.turns
      .slice(before)
      .flatMap(({ entries }) => entries.filter((entry): entry is EventEntry => !('envelope' in entry)));
  }

  async end(): Promise<void> {
    await this.#leader?.stop();
  }

  /** Each turn as the journal has it, less what says who led. */
  async history() {
    const history: object[] = [];
    for await (const { bytes } of this.adapters.journal.read(1)) {
      const { turn, at, entries, stateHash } = decodeTurn(bytes);
      const others = entries.filter(({ code }) => code !== Code.LeaderElected);
      history.push({ turn, at, entries: others, stateHash: Buffer.from(stateHash).toString('hex') });
    }
    return history;
  }
}

function isThe({ envelope }: InputEntry): (entry: AnyEntry) => boolean {
  return (entry) => 'envelope' in entry && entry.envelope.inputId === envelope.inputId;
}

function sender(step: number, atMs: number) {
  return { inputId: `step-${step}`, receivedAtMs: atMs, principal: null, traceparent: null };
}

function submission(cell: string, step: number, atMs: number): InputEntry {
  const dag = {
    id: `dag-${step}`,
    deadlineAtMs: atMs + 2_000,
    jobs: [
      { id: 'split', executorClass: 'ocr', timeoutMs: 1_500, retry: { maxAttempts: 2 } },
      { id: 'page', executorClass: 'ocr', after: ['split'], fanOut: { count: 3 } },
      { id: 'end', kind: 'noop', after: ['page'] },
    ],
  };
  const text = JSON.stringify(dag);
  const line = { text, bytes: text.length };
  const whose = { cell, tenant: 'default', idempotencyKey: null, sender: sender(step, atMs), check: checkSubmission };
  return readSubmission(line, whose);
}

/** What is done at a step: DAGs come, executors register, leases end, some never. */
function inputAt(cell: string, step: number, atMs: number, open: LeaseRef[]): InputEntry {
  const from = sender(step, atMs);
  if (step < 2) {
    const offer = { group: 'default', executorClass: 'ocr', slots: 3, labels: [], sessionMs: 600_000, held: [] };
    return sealInput(Code.RegisterExecutor, from, {
      executor: `ocr-${step}`,
      incarnation: 'one',
      ...offer,
    });
  }
  const lease = step % 4 === 0 ? undefined : open.shift();
  if (lease === undefined) return submission(cell, step, atMs);
  if (step % 11 === 0) {
    const failure = { code: 'blurred', message: '', retryable: true, unitsUsed: null };
    return sealInput(Code.FailJob, from, { lease, ...failure });
  }
  const end = { output: Buffer.from(`{"step":${step}}`), blob: null, unitsUsed: null };
  return sealInput(Code.CompleteJob, from, { lease, ...end });
}

function embedded(cell: string): Adapters {
  const inbox = new EmbeddedInbox();
  return { journal: new MemoryJournal(cell), source: inbox, inbox, accept: () => undefined };
}

async function onKafka(cell: string): Promise<Adapters & { end(): Promise<void> }> {
  const connection = sharedKafka();
  await makeCellTopics(connection, cell);
  const partitions = { submissions: PARTITIONS, callbacks: PARTITIONS, controls: 1 };
  const parts = { connection, cell, framing: new Framing(), partitions };
  const journal = await openKafkaJournal({ connection, topic: topicName(cell, 'journal'), cell });
  const readJson = (): never => {
    throw new Error('nothing here is JSON');
  };
  const onFatal = (error: Error): void => console.error(error);
  const monotonicMs = (): number => performance.now();
  const source = new KafkaInputs({ ...parts, edge: { readJson, check: () => undefined }, onFatal, monotonicMs });
  const inbox = new KafkaInbox({ ...parts, nowMs: monotonicMs, after: () => () => undefined });
  const end = async (): Promise<void> => {
    inbox.close('the test is over');
    await journal.close();
  };
  return { journal, source, inbox, accept: (turn) => inbox.accept(turn), end };
}

it('has the same entries and state hash at every turn', async () => {
  const cell = freshName('c');
  const first = new Stage(cell, embedded(cell));
  await first.start();
  const steps: Step[] = [];
  const open: LeaseRef[] = [];
  for (let step = 0; step < STEPS; step++) {
    const atMs = START_MS + step * STEP_MS;
    steps.push({ atMs, input: inputAt(cell, step, atMs, open) });
    for (const event of await first.take(steps.at(-1)!)) {
      // Every ninth lease is never answered: it times out.
      if (event.code !== Code.LeaseGranted || event.body.token % 9 === 0) continue;
      const { dag, job, attempt, token } = event.body;
      open.push({ dag, job, attempt, token });
    }
  }
  await first.end();

  const adapters = await onKafka(cell);
  const second = new Stage(cell, adapters);
  await second.start();
  for (const step of steps) await second.take(step);
  await second.end();

  const history = await first.history();
  const codes = new Set(
    history.flatMap((turn) => (turn as { entries: { code: number }[] }).entries.map(({ code }) => code)),
  );
  for (const code of [
    Code.JobTimedOut,
    Code.RetryScheduled,
    Code.JobsFannedOut,
    Code.DagSucceeded,
    Code.DeadlineMissed,
  ]) {
    expect(codes).toContain(code);
  }
  expect(await second.history()).toEqual(history);
  await adapters.end();
});

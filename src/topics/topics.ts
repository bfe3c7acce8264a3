import type { Submitted } from '../answers/types.js';
import { Code } from '../catalogue/generated/codes.js';
import type { TurnRecord } from '../catalogue/generated/types.js';
import { Recent } from '../catalogue/recent.js';
import { heardByMany, orAborted, transportError } from '../client/adapters/http.js';
import { systemMachine } from '../client/adapters/system.js';
import { ClientCode, FabricError } from '../client/errors.js';
import { DEFAULT_PATIENCE, withRetry } from '../client/retry.js';
import type { LifecycleEvent, Submission } from '../client/types.js';
import { outcomeOf, placeOf, putOne } from '../edge/answers.js';
import { Senders } from '../edge/seal.js';
import { acceptedAs } from '../edge/submission/accepted.js';
import { readSubmission } from '../edge/submission/read.js';
import type { FabricLink } from '../executor/link.js';
import { KafkaInbox } from '../inbox/kafka/inbox.js';
import type { KafkaConnection } from '../kafka/links/connection.js';
import { patiently } from '../kafka/reading/patience.js';
import { INPUT_TOPICS } from '../kafka/topics/names.js';
import { countPartitions } from '../kafka/topics/partition-counts.js';
import { checkSubmission } from '../kernel/decide/check-submission.js';
import { clock } from './adapters/clock.js';
import { Dispatches } from './dispatches.js';
import { endOf, fabricErrorOf } from './errors.js';
import { type Ended, type FollowOptions, follow, untilEnded } from './follow.js';
import { TopicLink } from './link.js';
import { Turns } from './turns.js';

/** Where the topics of a cell are. */
export interface TopicsOptions extends Partial<Omit<KafkaConnection, 'brokers'>> {
  /** Brokers that are asked first, as `host:port`. */
  readonly brokers: readonly string[];
  /** `main` unless given. */
  readonly cell?: string;
  /** Whose DAGs; `default` unless given. */
  readonly tenant?: string;
}

/** Submissions of which it is remembered in which turn they were accepted: following them begins there. */
const REMEMBERED = 10_000;

/**
 * A cell by its topics alone: submissions are written to theirs, and answered when the turn that took them is in the
 * journal. Every call rejects with a `FabricError` of the codes that a gateway would answer with.
 */
export class Topics {
  readonly #tenant: string;
  readonly #cell: string;
  readonly #turns: Turns;
  readonly #inbox: KafkaInbox;
  readonly #dispatches: Dispatches;
  /** Of all executors that run; two of one id until the older is told by the journal that it was replaced. */
  readonly #links = new Set<TopicLink>();
  readonly #accepted = new Recent<string, number>(REMEMBERED);
  readonly #closed = new AbortController();
  readonly #ids: { next(): string };
  #end: FabricError | null = null;

  /** By `connectTopics`. */
  private constructor(
    connection: KafkaConnection,
    { cell = 'main', tenant = 'default' }: TopicsOptions,
    partitions: Awaited<ReturnType<typeof partitionsOf>>,
  ) {
    this.#cell = cell;
    this.#tenant = tenant;
    heardByMany(this.#closed.signal);
    const { nowMs, after, uuid } = systemMachine;
    const prefix = uuid();
    let count = 0;
    this.#ids = { next: () => `${prefix}-${(count++).toString(36)}` };
    this.#turns = new Turns(connection, cell);
    this.#inbox = new KafkaInbox({ connection, cell, partitions, nowMs, after });
    this.#dispatches = new Dispatches({
      connection,
      cell,
      partitions: partitions.dispatches,
      told: (executor, dispatch) => {
        for (const link of this.#links) link.dispatched(executor, dispatch);
      },
      lost: () => {
        for (const link of this.#links) link.missed();
      },
      failed: (error) => this.#fail(error),
    });
  }

  /** Begins to follow the journal. Throws `FabricError`. */
  static async connect(options: TopicsOptions): Promise<Topics> {
    const { cell = 'main', clientId = 'marie', tenant: _tenant, ...connection } = options;
    try {
      const whole = { ...connection, clientId };
      const topics = new Topics(whole, options, await partitionsOf(whole, cell));
      const { first, last } = await topics.#turns.bounds();
      void topics.#run(Math.max(first, last), last);
      return topics;
    } catch (error) {
      throw endOf(error);
    }
  }

  /** Submits a DAG; resolves when its turn is durable. Trying again can't submit it twice. */
  async submit(dag: Submission, signal?: AbortSignal): Promise<Submitted> {
    const text = JSON.stringify(dag);
    const sender = new Senders(this.#ids, clock, undefined).next();
    const idempotencyKey = dag.idempotencyKey ?? this.#ids.next();
    const tries = { machine: systemMachine, patience: DEFAULT_PATIENCE, closing: this.#closed.signal };
    return withRetry(tries, signal, async () => {
      if (this.#end !== null) throw this.#end;
      try {
        const line = { text, bytes: Buffer.byteLength(text) };
        const from = { cell: this.#cell, tenant: this.#tenant, idempotencyKey, sender, check: checkSubmission };
        const input = readSubmission(line, from);
        signal?.throwIfAborted();
        const answer = await orAborted(putOne(this.#inbox, input), signal);
        const fresh = acceptedAs(input, answer);
        const outcome = outcomeOf(answer.events);
        if (outcome === null || !('duplicate' in outcome)) return this.#remember(fresh);
        const { dag: seq } = outcome.duplicate;
        const place = placeOf(outcome.duplicate, answer);
        return {
          ...fresh,
          ...place,
          dagId: (await this.#idOf(place.turn, seq)) ?? fresh.dagId,
          dag: seq,
          duplicate: true,
        };
      } catch (error) {
        throw error === signal?.reason ? transportError(error, signal) : fabricErrorOf(error);
      }
    });
  }

  /**
   * What happens in the cell, event by event in the journal's order, none missing and none twice. Ends when the signal is
   * aborted, or the topics are closed.
   */
  async *lifecycle(options: FollowOptions = {}): AsyncIterable<LifecycleEvent> {
    const signal = this.#until(options.signal);
    try {
      yield* follow(this.#turns, this.#tenant, { ...options, signal }, this.#acceptedIn(options));
    } catch (error) {
      if (!signal.aborted) throw endOf(error);
    }
  }

  /** Resolves when a DAG has ended, well or badly. */
  async wait(dagId: string, signal?: AbortSignal): Promise<Ended> {
    const either = this.#until(signal);
    try {
      return await untilEnded(this.#turns, this.#tenant, dagId, either, this.#accepted.get(dagId));
    } catch (error) {
      throw either.aborted ? error : endOf(error);
    }
  }

  /** How an executor speaks with the fabric, for `runExecutors`. */
  readonly openLink = (executor: string, incarnation: string): FabricLink => {
    const link = new TopicLink({
      cell: this.#cell,
      executor,
      incarnation,
      inbox: this.#inbox,
      ids: this.#ids,
      clock,
      dispatchesOpened: () => this.#dispatches.opened(),
      closed: () => this.#links.delete(link),
    });
    if (this.#end !== null) link.end(this.#end);
    this.#links.add(link);
    return link;
  };

  /** Cuts all connections; calls that wait for an answer reject. Executors are closed before. */
  close(): void {
    const detail = 'the topics are closed';
    this.#end ??= new FabricError({ code: ClientCode.Aborted, status: 0, detail });
    this.#closed.abort(this.#end);
    this.#inbox.close(detail);
    this.#inbox.end();
    this.#dispatches.close();
  }

  async #run(fromTurn: number, known: number): Promise<void> {
    try {
      for await (const turn of this.#turns.from(fromTurn, this.#closed.signal)) {
        if (turn.turn > known) this.#accept(turn);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What an executor is told comes before the answer to what it said. */
  #accept(turn: TurnRecord): void {
    for (const link of this.#links) link.accept(turn);
    this.#inbox.accept({ turn: turn.turn, atMs: turn.at, entries: turn.entries });
  }

  #fail(error: unknown): void {
    if (this.#end !== null || this.#closed.signal.aborted) return;
    this.#end = endOf(error);
    this.#inbox.close(this.#end.message);
    this.#inbox.end();
    for (const link of this.#links) link.end(this.#end);
  }

  /** Aborted when the caller wants no more, and when the topics are closed. */
  #until(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.#closed.signal : AbortSignal.any([signal, this.#closed.signal]);
  }

  #remember(submitted: Submitted): Submitted {
    this.#accepted.set(submitted.dagId, submitted.turn);
    return submitted;
  }

  /** The turn that accepted the only DAG that is asked for, where it was submitted here. */
  #acceptedIn({ dag, tenant }: FollowOptions): number | undefined {
    return dag === undefined || (tenant ?? this.#tenant) !== this.#tenant ? undefined : this.#accepted.get(dag);
  }

  /** The id of a DAG that an earlier turn accepted; null where that turn is not there any more. */
  async #idOf(turn: number, dag: number): Promise<string | null> {
    const entries = (await this.#turns.at(turn))?.entries ?? [];
    for (const entry of entries) {
      if (entry.code !== Code.DagAccepted || entry.body.dag !== dag) continue;
      const cause = entries[entry.cause];
      if (cause?.code === Code.SubmitDag) return cause.body.dagId;
    }
    return null;
  }
}

function partitionsOf(connection: KafkaConnection, cell: string) {
  return patiently(() => countPartitions(connection, cell, [...INPUT_TOPICS, 'dispatches']));
}

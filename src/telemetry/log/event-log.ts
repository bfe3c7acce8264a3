/**
 * The log of what happens: accepted events as lines, with the
 * DAG, job, attempt, token, executor and turn that they name.
 */
import { Code, nameOf } from '../../catalogue/generated/codes.js';
import type { AnyEntry, EventEntry } from '../../catalogue/generated/types.js';
import { dagOf } from '../../edge/lifecycle/filter.js';
import { NameCache } from '../../edge/lifecycle/names.js';
import type { DagNames } from '../../edge/ports.js';
import type { AcceptedTurn } from '../../outbox/port.js';
import { type EventLevel, levelOf } from './levels.js';

/** A logger as pino's. */
export interface EventLogger {
  isLevelEnabled(level: EventLevel): boolean;
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
  debug(fields: object, message: string): void;
  trace(fields: object, message: string): void;
}

/** Turns that wait for the names of their DAGs; beyond, names are left out rather than the memory filled. */
const WAITING_TURNS = 1_000;

/** Tells what was accepted, at the level that `levels.ts` gives each event. */
export class EventLog {
  readonly #names: NameCache;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(
    private readonly log: EventLogger,
    names: DagNames,
  ) {
    this.#names = new NameCache(names);
  }

  /** Tells a turn; lines come in the order of the journal. */
  take({ turn, entries }: AcceptedTurn): void {
    const beginsReign = entries[0]?.code === Code.LeaderElected;
    const told = entries.filter((entry): entry is EventEntry => this.#isTold(entry, beginsReign));
    if (told.length === 0) return;
    const knowsNames = this.#waiting < WAITING_TURNS;
    this.#waiting++;
    this.#last = this.#last.then(async () => {
      if (knowsNames) await this.#names.learn(entries).catch(() => this.log.debug({ turn }, 'names not found'));
      for (const event of told) this.#tell(event, levelOf(event, beginsReign), turn);
      this.#waiting--;
    });
  }

  /** Resolves when all that was taken is told. */
  settled(): Promise<void> {
    return this.#last;
  }

  #isTold(entry: AnyEntry, beginsReign: boolean): boolean {
    return !('envelope' in entry) && this.log.isLevelEnabled(levelOf(entry, beginsReign));
  }

  #tell(event: EventEntry, level: EventLevel, turn: number): void {
    const dag = dagOf(event);
    const name = this.#names.get(dag);
    const named = name === null ? {} : { tenant: name.tenant, dagId: name.dagId };
    // After the fields of the event, so that none of them hides the turn.
    this.log[level]({ ...event.body, ...named, turn }, nameOf(event.code));
  }
}

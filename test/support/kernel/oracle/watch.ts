import { CauseCode, Code } from '../../../../src/catalogue/generated/codes.js';
import type { BodyOf, EventEntry, SubmitDag, TurnRecord } from '../../../../src/catalogue/generated/types.js';
import { foldTurn } from '../../../../src/kernel/fold-turn.js';
import { State } from '../../../../src/kernel/rows/state.js';
import { rowsOf } from '../invariants.js';
import { cellOf } from './cell.js';
import { type Choice, choose, type Reserve, type Start } from './choose.js';

type Turn = Pick<TurnRecord, 'turn' | 'at' | 'stoppedMs' | 'entries' | 'full'>;

/** Folds turns, and asks before each decision of a plan what it should be; and after each plan whether it left anything. */
export class Watch {
  readonly #state = new State();
  readonly #specs = new Map<number, SubmitDag>();
  #chosen: Start | null = null;
  /** What follows the end of a reservation that has moved. */
  #follows: Reserve | null = null;
  #now = { at: 0, stoppedMs: 0 };
  /** `seen` counts how often each kind of decision was compared. */
  constructor(private readonly seen: Map<string, number>) {}

  turn({ turn, at, stoppedMs, entries, full }: Turn): void {
    this.#now = { at, stoppedMs };
    let planned = 0;
    let isOver = full;
    const endPlan = (): void => {
      if (!isOver) this.#left(planned - 1, Number.POSITIVE_INFINITY);
      isOver = true;
    };
    foldTurn(
      this.#state,
      { turn, at, stoppedMs },
      entries,
      (row) => void (row.kind === 'spec' && this.#specs.set(row.dag, row.submission)),
      {
        onEvent: (event) => {
          // What is released behind the plan is planned in the next turn.
          if (event.code === Code.DagReleased && event.cause === CauseCode.plan) endPlan();
          const classSeq = event.cause === CauseCode.plan ? this.#classOf(event) : 0;
          if (classSeq > 0) {
            this.#left(planned, classSeq);
            planned = classSeq;
            this.#compare(event, this.#follows ?? this.#choice(classSeq));
          }
          if (event.code === Code.JobDispatched) this.#evidence(event.body);
        },
      },
    );
    this.#state.accept();
    endPlan();
  }

  #choice(classSeq: number): Choice {
    const { at, stoppedMs } = this.#now;
    return choose(cellOf(this.#state, this.#specs, classSeq, at, stoppedMs));
  }

  /** The class of which an event is a decision, 0 when it is none. */
  #classOf({ code, body }: EventEntry): number {
    const { executors } = this.#state;
    if (code === Code.LeaseGranted) return executors.c.class[executors.find(body.executor)]!;
    if (code === Code.ReservationMade) return body.class;
    return code === Code.ReservationEnded && body.reason !== 'started' ? body.class : 0;
  }

  /** Classes are planned in their order: those in between have nothing to do. */
  #left(after: number, before: number): void {
    for (const row of rowsOf(this.#state.classes)) {
      const classSeq = this.#state.classes.keyA[row]!;
      if (classSeq <= after || classSeq >= before) continue;
      const choice = this.#choice(classSeq);
      if (choice !== null) throw new Error(`class ${classSeq} does nothing, and should: ${told(choice)}`);
    }
  }

  #compare(event: EventEntry, choice: Choice): void {
    const found = toldOf(event);
    if (choice === null || told(choice) !== found) throw new Error(`found ${found}, expected ${told(choice)}`);
    this.#chosen = choice.does === 'start' ? choice : null;
    this.#follows = choice.does === 'end' ? (choice.next ?? null) : null;
    const policy = this.#state.cell.c.policy[this.#state.cellRow] || 'default@1';
    const kind = choice.does === 'start' ? `${policy} ${choice.lane}` : choice.does;
    this.seen.set(kind, (this.seen.get(kind) ?? 0) + 1);
  }

  #evidence({ dag, job, evidence }: BodyOf<typeof Code.JobDispatched>): void {
    const { lane, isBackfill } = this.#chosen!;
    if (evidence.lane === lane && evidence.backfill === isBackfill) return;
    throw new Error(
      `${dag}/${job} in lane ${evidence.lane}, backfill ${evidence.backfill}: expected ${lane}, ${isBackfill}`,
    );
  }
}

function toldOf({ code, body }: EventEntry): string {
  if (code === Code.LeaseGranted) return `start ${body.dag}/${body.job} on ${body.executor}`;
  if (code === Code.ReservationEnded) return `end ${body.reason}`;
  if (code !== Code.ReservationMade) return '';
  return `reserve ${body.executor} for ${body.dag}/${body.job} at ${body.reservedAtMs} in lane ${body.lane}`;
}

function told(choice: Choice): string {
  if (choice === null) return 'nothing';
  if (choice.does === 'end') return `end ${choice.reason}`;
  const { dag, index } = choice.job;
  if (choice.does === 'start') return `start ${dag}/${index} on ${choice.executor}`;
  return `reserve ${choice.executor} for ${dag}/${index} at ${choice.atMs} in lane ${choice.lane}`;
}

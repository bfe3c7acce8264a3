/** `whatIf`: what a history would have come to under another policy, other weights, other capacity, or without a DAG. */
import { Code, LANE_NAMES } from '../../src/catalogue/generated/codes.js';
import type { InputEntry } from '../../src/catalogue/generated/types.js';
import { fieldName } from '../../src/scheduler/views/evidence.js';
import { type FoldProgress, mustBegin, Progress } from '../fold.js';
import { endingAt, type History } from '../history.js';
import { type JobName, Names } from '../names.js';
import { NotInHistory } from '../not-in-history.js';
import { type Change, type DagPath, Rewriting } from './change.js';
import { Counterfactual, type CounterfactualParts, type Parting, type TurnWatcher } from './counterfactual.js';
import type { Dispatch } from './dispatches.js';
import { Endings } from './endings.js';
import { Script, type Scripted } from './script.js';
import { type Numbers, Tally } from './tally.js';

/** A dispatch as it is shown. */
export interface DispatchView extends JobName {
  readonly attempt: number;
  readonly executor: string;
  readonly lane: string;
  /** Slot-ms that are charged for it. */
  readonly cost: number;
  /** The field of the key by which it won; `none` where nothing else was ready. */
  readonly decidedBy: string;
}

/** The first turn that comes out otherwise; the dispatches are null where the difference isn't one of the planner's. */
export interface PartingView {
  readonly turn: number;
  readonly atMs: number;
  readonly recorded: DispatchView | null;
  readonly other: DispatchView | null;
}

/** What a history comes to when it is played until its DAGs have ended, or nothing will ever happen to them. */
export interface Played {
  readonly numbers: Numbers;
  /** Attempts whose end the history doesn't have: they took their estimate, or longer than they ran, and succeeded. */
  readonly assumed: number;
  readonly end: 'drained' | 'stalled';
  /** DAGs that never end, and the first few of them by name. */
  readonly endless: { readonly count: number; readonly first: readonly DagPath[] };
}

/** What one run under a change gave. */
export interface Run extends Played {
  readonly parting: PartingView | null;
}

export interface WhatIfReport {
  readonly change: Change;
  /** The history as far as it goes. */
  readonly recorded: Numbers;
  /** Where it ends before its DAGs did: what it comes to when it goes on as it was going. */
  readonly playedOn: Played | null;
  readonly other: Run;
}

/** DAGs that never end are named up to so many; a person reads no more. */
const ENDLESS_NAMED = 3;

/** How far the runs of a play are, taken together. */
export interface PlayProgress extends FoldProgress {
  /** Entries of the history; a run has about as many. */
  readonly recordedEntries: number;
}

export interface WhatIfOptions {
  /** Called now and then while the history is read. */
  readonly onProgress?: (done: FoldProgress) => void;
  /** Called now and then while it is played again. */
  readonly onPlayed?: (done: PlayProgress) => void;
}

/** A history that has been read once, so that it can be played again any number of times. */
export class Play {
  /** How far its runs are, taken together. */
  readonly #progress: Progress;

  private constructor(
    /** Up to the end that was met. */
    readonly history: History,
    readonly endings: Endings,
    /** The history as far as it goes. */
    readonly recorded: Numbers,
    private readonly played: () => Progress,
  ) {
    this.#progress = played();
  }

  /** Reads a history. */
  static async of(history: History, { onProgress, onPlayed }: WhatIfOptions = {}): Promise<Play> {
    mustBegin(history);
    const endings = new Endings();
    const tally = new Tally();
    const progress = new Progress(onProgress);
    let last = history.firstTurn - 1;
    for await (const { record } of history.read()) {
      last = record.turn;
      endings.take(record);
      tally.take(record.at, record.entries);
      progress.add(record);
    }
    const recordedEntries = progress.entries;
    const played = () => new Progress(onPlayed && ((done) => onPlayed({ ...done, recordedEntries })));
    return new Play(endingAt(history, last), endings, tally.numbers(), played);
  }

  /** What it comes to when it goes on as it was going; null where it ends with its DAGs. It is no run under a change. */
  async playedOn(): Promise<Played | null> {
    if (this.recorded.dags.open === 0) return null;
    const aside = new Play(this.history, this.endings, this.recorded, this.played);
    const { parting, ...playedOn } = await aside.run({});
    return playedOn;
  }

  /** Plays it again under a change. `watch` is told of every turn, until it says that it is enough. */
  async run(change: Change, watch: TurnWatcher = () => undefined, isEnough: () => boolean = () => false): Promise<Run> {
    const rewriting = new Rewriting(change);
    const moved = await this.#look(rewriting, change);
    const script = new Script(this.history, rewriting, moved);
    try {
      return await this.#play({ script, rewriting, endings: this.endings, watch, isEnough });
    } finally {
      await script.close();
    }
  }

  async #play(parts: CounterfactualParts): Promise<Run> {
    const tally = new Tally();
    const other = new Counterfactual({
      ...parts,
      watch: (at, entries, fold) => {
        tally.take(at, entries);
        this.#progress.add({ entries });
        parts.watch(at, entries, fold);
      },
    });
    const names = new Names(other.fold);
    await other.toParting();
    // Named at once: at the end what it is about may be forgotten.
    const parting = other.parting === null ? null : await partingView(names, other.parting);
    const end = await other.toEnd();
    const first: DagPath[] = [];
    for (const dag of tally.firstOpen(ENDLESS_NAMED)) first.push(await names.dag(dag));
    const endless = { count: tally.openDags, first };
    return { numbers: tally.numbers(), parting, assumed: other.executors.assumed, end, endless };
  }

  /** What a change must know of the history before it is played: how many slots there were, what is moved. */
  async #look(rewriting: Rewriting, change: Change): Promise<Scripted | null> {
    const { slots, earlier, without, weights } = change;
    if ([slots, earlier, without, weights].every((part) => part === undefined)) return null;
    let moved: Scripted | null = null;
    const left = new Set((without ?? []).map(keyOf));
    let first = 0;
    let same = 0;
    for await (const { record } of this.history.read()) {
      rewriting.look(record);
      for (const entry of record.entries) {
        if (entry.code === Code.SubmitDag) left.delete(keyOf({ tenant: entry.body.tenant, dag: entry.body.dagId }));
        if (entry.code !== Code.DagAccepted) continue;
        // Of submissions of one id the one that was accepted is meant: others were refused, or said it again.
        const what = record.entries[entry.cause] as InputEntry;
        const ms = rewriting.earlierMs(what);
        if (ms === 0) continue;
        same += 1;
        if (same !== (earlier?.nth ?? same)) continue;
        moved = { at: record.at - ms, order: first + entry.cause, what };
      }
      first += record.entries.length;
    }
    rewriting.looked();
    if (earlier !== undefined && earlier.ms > 0 && moved === null) {
      throw new NotInHistory(`the history has no DAG ${earlier.dag} of tenant ${earlier.tenant} to be moved`);
    }
    const missing = without?.find((path) => left.has(keyOf(path)));
    if (missing !== undefined) {
      throw new NotInHistory(`the history has no DAG ${missing.dag} of tenant ${missing.tenant} to leave out`);
    }
    return moved;
  }
}

function keyOf({ tenant, dag }: DagPath): string {
  return JSON.stringify([tenant, dag]);
}

/** Plays a history again under a change, and compares what both come to. */
export async function whatIf(history: History, change: Change, options: WhatIfOptions = {}): Promise<WhatIfReport> {
  const play = await Play.of(history, options);
  return { change, recorded: play.recorded, playedOn: await play.playedOn(), other: await play.run(change) };
}

/** A parting by the names of its dispatches. */
export async function partingView(names: Names, { turn, atMs, recorded, other }: Parting): Promise<PartingView> {
  return { turn, atMs, recorded: await dispatchView(names, recorded), other: await dispatchView(names, other) };
}

/** A dispatch by its names. */
export async function dispatchView(names: Names, dispatch: Dispatch | null): Promise<DispatchView | null> {
  if (dispatch === null) return null;
  const { dag, job, attempt, executor, evidence } = dispatch;
  return {
    ...(await names.job(dag, job)),
    attempt,
    executor: names.executor(executor),
    lane: LANE_NAMES.get(evidence.lane) ?? '',
    cost: evidence.cost,
    decidedBy: fieldName(evidence.decidedBy),
  };
}

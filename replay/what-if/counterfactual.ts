/**
 * A history played again under a change, by the real kernel. Until the first dispatch that differs it keeps the
 * recorded turns: their boundaries, inputs and times. From there on a turn is one moment: producers, operators and
 * executors' sessions do what they did when they did it, and an attempt takes as long after its dispatch as it took.
 */
import { setImmediate } from 'node:timers/promises';
import { isInput } from '../../src/catalogue/codec.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { AnyEntry, EventEntry, InputEntry, TimeLeapt, TurnRecord } from '../../src/catalogue/generated/types.js';
import type { TurnResult } from '../../src/kernel/kernel.js';
import { takeDue } from '../../src/simulate/cell/due.js';
import { Envelopes } from '../../src/simulate/cell/envelopes.js';
import { callbackOf } from '../../src/simulate/cell/terminal.js';
import { requestOf } from '../decide-again.js';
import { ScratchFold } from '../scratch-fold.js';
import type { Rewriting } from './change.js';
import { type Dispatch, dispatchesOf, firstDifference } from './dispatches.js';
import type { Endings } from './endings.js';
import { Executors } from './executors.js';
import type { PlacedTurn, Script } from './script.js';

/** Where two histories part: the first dispatch of each that the other doesn't have there; null: it has none more. */
export interface Parting {
  readonly turn: number;
  readonly atMs: number;
  readonly recorded: Dispatch | null;
  readonly other: Dispatch | null;
}

/** Is told of every turn, in order; the fold stands after it. */
export type TurnWatcher = (at: number, entries: readonly AnyEntry[], fold: ScratchFold) => void;

/** After so many moments other things have their turn, such as the wish of whoever waits to end it. */
const MOMENTS_PER_BREATH = 64;

export interface CounterfactualParts {
  readonly script: Script;
  readonly endings: Endings;
  readonly rewriting: Rewriting;
  readonly watch: TurnWatcher;
  /** Whoever watches needs no more: it is broken off. */
  readonly isEnough: () => boolean;
}

export class Counterfactual {
  readonly fold = new ScratchFold({ keepsOutputs: true });
  /** Where it parts from the history; null: it never does. */
  parting: Parting | null = null;
  readonly executors: Executors;
  readonly #envelopes = new Envelopes('what-if');
  readonly #orders = new WeakMap<object, number>();
  #cell = '';
  #turn = 0;
  #at = 0;
  #stoppedMs = 0;
  /** When the script had no more; infinity while it has. */
  #scriptEndAt = Number.POSITIVE_INFINITY;
  #isIdle = false;
  /** The last turn has left something to go on with at once, such as the children of a fan-out. */
  #hasMore = false;

  constructor(private readonly parts: CounterfactualParts) {
    this.executors = new Executors(this.fold.state, parts.endings);
  }

  /** Plays on to its end: all DAGs are over, or nothing will ever happen to those that are open. */
  async toEnd(): Promise<'drained' | 'stalled'> {
    await this.parts.script.read();
    if (this.#openDags() === 0 && this.parts.script.peek() === null) return 'drained';
    this.executors.resume(this.#at);
    return this.#goOn();
  }

  /**
   * What the change sets before anything else has turns of its own, for a recorded one may have no room for more. They
   * don't count: the recorded ones keep their numbers, and nothing goes by those of settings.
   */
  async #begin(cell: string, at: number): Promise<void> {
    this.#cell = cell;
    const first = this.parts.rewriting.first(at);
    if (first.length > 0) await this.#moment(at, [], first);
    this.#turn = 0;
  }

  /** Plays recorded turns, up to the first that comes out otherwise, or doesn't come in as it did. */
  async toParting(): Promise<void> {
    const { script, rewriting } = this.parts;
    for (let isFirst = true; ; isFirst = false) {
      const turn = await script.turn();
      if (turn === null) return;
      const { record } = turn;
      if (isFirst) await this.#begin(record.cell, Math.min(record.at, script.movedAt));
      const kept = keptOf(record, rewriting);
      const isMissing = record.entries.some(({ code }, place) => code === Code.SubmitDag && !kept.has(place));
      if (isMissing || record.at >= script.movedAt) {
        this.#part(record.turn, Math.min(record.at, script.movedAt), null, null);
        script.add(turn);
        return;
      }
      await this.#keepTurn(turn, kept);
      if (this.parting !== null || this.parts.isEnough()) return;
    }
  }

  async #keepTurn(turn: PlacedTurn, kept: ReadonlyMap<number, InputEntry>): Promise<void> {
    const { record, first } = turn;
    record.entries.forEach((entry, index) => {
      if (entry.code === Code.SubmitDag) this.#orders.set(entry, first + index);
    });
    const request = { ...requestOf(record), inputs: [...kept.values()] };
    const result = await this.fold.compute(record.cell, request);
    const recorded = dispatchesOf(record.entries);
    const own = dispatchesOf(result.entries);
    this.#turn = record.turn;
    this.#at = record.at;
    this.#stoppedMs = record.stoppedMs;
    this.#hasMore = result.unfinished || result.full;
    this.#follow(result, false);
    const differs = firstDifference(recorded, own);
    const isWhole = result.taken === request.inputs.length;
    if (differs < 0 && isWhole) return;
    this.#part(record.turn, record.at, recorded[differs] ?? null, own[differs] ?? null);
    // What the turn had no room for comes next, as whatever comes when they have parted.
    if (!isWhole) this.parts.script.add(turn, [...kept.keys()][result.taken]);
  }

  #part(turn: number, atMs: number, recorded: Dispatch | null, other: Dispatch | null): void {
    this.parting = { turn, atMs, recorded, other };
  }

  async #goOn(): Promise<'drained' | 'stalled'> {
    const { script } = this.parts;
    for (let moments = 1; !this.parts.isEnough(); moments++) {
      if (moments % MOMENTS_PER_BREATH === 0) await setImmediate();
      await script.read();
      if (script.peek() === null) {
        if (this.#openDags() === 0) return 'drained';
        this.#scriptEnded();
        if (this.#at >= this.executors.play.stalledAt(this.#scriptEndAt)) return 'stalled';
      }
      const at = this.#nextAt();
      await script.readTo(at);
      const { shell, inputs } = this.#due(at);
      await this.#moment(at, shell, inputs);
    }
    return 'stalled';
  }

  /** From the end of the history on nobody else says that executors are still there. */
  #scriptEnded(): void {
    if (this.#scriptEndAt !== Number.POSITIVE_INFINITY) return;
    this.#scriptEndAt = this.#at;
    this.executors.play.beatFrom(this.#at);
  }

  #nextAt(): number {
    if (this.#hasMore) return this.#at;
    const scripted = this.parts.script.peek()?.at ?? Number.POSITIVE_INFINITY;
    const { answers } = this.executors.play;
    const inside = answers.running === 0 ? this.#nextQuietly() : this.#nextHeard();
    const at = Math.max(this.#at + (this.#isIdle ? 1 : 0), Math.min(scripted, answers.nextAt, inside));
    return this.parts.script.awakeAt(at);
  }

  #nextHeard(): number {
    return Math.min(this.fold.kernel.nextAt(this.#stoppedMs), this.executors.play.beatAt);
  }

  /**
   * Where nothing runs and nothing more is told, the heartbeats of a day would be all that happens: they come with what
   * happens next, for a session ends after the inputs of its moment.
   */
  #nextQuietly(): number {
    if (this.#scriptEndAt === Number.POSITIVE_INFINITY) return this.#nextHeard();
    const stalledAt = this.executors.play.stalledAt(this.#scriptEndAt);
    return Math.min(this.fold.kernel.nextWhileHeard(this.#stoppedMs), stalledAt);
  }

  /** What comes in at a moment, in its order. */
  #due(at: number): { readonly shell: EventEntry[]; readonly inputs: InputEntry[] } {
    const { play } = this.executors;
    const inputs = play.heartbeats(at).map((body) => this.#envelopes.input(at, Code.Heartbeat, body));
    const shell: EventEntry[] = [];
    takeDue(at, this.parts.script, play.answers, {
      arrived: ({ what, order }) => {
        if (isInput(what)) inputs.push(this.#arrived(what, order));
        else shell.push(this.#shell(what));
      },
      answered: ({ lease, terminal }) => {
        inputs.push(this.#envelopes.input(at, terminal.code, callbackOf(lease, terminal)));
      },
    });
    return { shell, inputs };
  }

  #arrived(input: InputEntry, order: number): InputEntry {
    if (input.code === Code.RegisterExecutor) return { ...input, body: this.executors.play.registration(input.body) };
    if (input.code === Code.SubmitDag) this.#orders.set(input, order);
    return input;
  }

  /** Time that was lost is lost here too. */
  #shell(event: EventEntry): EventEntry {
    if (event.code === Code.TimeLeapt) this.#stoppedMs += (event.body as TimeLeapt).gapMs;
    return event;
  }

  /** All that happens at one moment: as many turns as the kernel needs for it. */
  async #moment(at: number, shell: readonly EventEntry[], due: readonly InputEntry[]): Promise<void> {
    this.#at = at;
    let inputs = due;
    let facts = shell;
    let result: TurnResult;
    do {
      const turn = this.#turn + 1;
      const request = {
        turn,
        at,
        stoppedMs: this.#stoppedMs,
        shell: facts,
        inputs,
        caughtUp: true,
        published: this.#turn,
      };
      result = await this.fold.compute(this.#cell, request);
      if (result.entries.length > 0) this.#turn = turn;
      this.#follow(result, true);
      inputs = inputs.slice(result.taken);
      facts = [];
      this.#hasMore = result.unfinished || result.full;
    } while (inputs.length > 0 || this.#hasMore);
    this.#isIdle = result.entries.length === 0;
  }

  #follow({ entries }: TurnResult, isFree: boolean): void {
    for (const entry of entries) {
      if (entry.code !== Code.DagAccepted) continue;
      const order = this.#orders.get(entries[entry.cause]!);
      this.executors.accepted(entry.body.dag, order === undefined ? undefined : this.parts.endings.dagOf(order));
    }
    this.executors.followAlways(entries);
    if (isFree) this.executors.play.followLeases(this.#at, entries);
    this.parts.watch(this.#at, entries, this.fold);
  }

  #openDags(): number {
    const { cell, cellRow } = this.fold.state;
    return cell.c.openDags[cellRow]!;
  }
}

/** The inputs of a recorded turn that are there under a change, by their places in it. */
function keptOf({ entries }: TurnRecord, rewriting: Rewriting): ReadonlyMap<number, InputEntry> {
  const kept = new Map<number, InputEntry>();
  for (const [place, entry] of entries.entries()) {
    const input = isInput(entry) ? rewriting.apply(entry) : null;
    if (input !== null) kept.set(place, input);
  }
  return kept;
}

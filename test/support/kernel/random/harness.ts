import { Code, DagState } from '../../../../src/catalogue/generated/codes.js';
import type { EventEntry, InputEntry, TurnRecord } from '../../../../src/catalogue/generated/types.js';
import { foldTurn } from '../../../../src/kernel/fold-turn.js';
import { Kernel, type TurnRequest, type TurnResult } from '../../../../src/kernel/kernel.js';
import { cellLimits, input, shellEvent } from '../build.js';
import { bytesOf, recordOf } from '../bytes.js';
import { ColdStore } from '../cold.js';
import { Eviction } from '../eviction.js';
import { checkState, rowsOf } from '../invariants.js';
import { Replica } from '../replica.js';
import { Transcript } from '../transcript.js';
import type { Command, Step } from './commands.js';
import { Ledger } from './ledger.js';
import { World } from './world.js';

interface Waiting {
  readonly request: TurnRequest;
  readonly result: TurnResult;
}

/** Turns in which everything must have ended once faults have stopped. */
const MAX_ROUNDS = 4000;

/** A kernel with its own cold rows. */
class Twin {
  kernel = new Kernel();
  cold = new ColdStore();

  private readonly eviction = new Eviction(this.kernel.state, this.cold.specs);

  turn(request: TurnRequest): TurnResult {
    const view = this.cold.viewFor(this.kernel, request, (dags) => this.eviction.load(dags));
    return this.kernel.turn(request, view, this.cold.put);
  }

  /** Terminal DAGs leave memory. */
  evict(): void {
    this.eviction.evict();
  }
}

/**
 * Drives a leader through a random history, and beside it: a replica that folds what is accepted; a second kernel whose
 * indexes are made anew from the rows before every turn, and which now and then has only open DAGs in memory; a third
 * whose whole state is folded anew from the journal, and whose terminal DAGs leave memory while its indexes stay. Whatever
 * the leader waits for, computes ahead or takes back, all come to the same bytes.
 */
export class Harness {
  private readonly leader = new Twin();
  private readonly second = new Twin();
  private third = new Twin();
  private readonly replica = new Replica();
  private readonly ledger: Ledger;
  private readonly world = new World();
  /** What was accepted. */
  readonly journal: TurnRecord[] = [];
  private readonly transcript: Transcript;
  private readonly waiting: Waiting[] = [];
  private turn = 0;
  private at = 1000;
  private stoppedMs = 0;
  private left: InputEntry[] = [];
  /** What was published when the last turn was computed. */
  private published = 0;
  /** Nothing is left to do but what time brings. */
  private isSettled = false;

  /** One that has gone through a history to its end. */
  static through(steps: readonly Step[]): Harness {
    const harness = new Harness(new Set());
    for (const step of steps) harness.step(step);
    harness.finish();
    return harness;
  }

  constructor(seen: Set<string>) {
    this.ledger = new Ledger(seen);
    this.transcript = new Transcript(this.leader.kernel.state, this.leader.cold.specs);
  }

  /** One step of a history. */
  step(step: Step): void {
    this.passTime(step.laterMs);
    const shell: EventEntry[] = [];
    for (const command of step.commands) this.command(command, shell);
    if (step.undone > 0) this.computeAhead(step.undone);
    if (step.rebuild) this.second.evict();
    this.second.kernel.indexes.rebuild();
    if (step.refold) this.refold();
    else if (step.rebuild) this.third.evict();
    this.compute(shell, step.caughtUp);
    while (this.waiting.length > step.lag) this.accept();
  }

  /**
   * Before the moment that the kernel names time alone changes nothing: a
   * turn in between, with nothing published since, comes to nothing.
   */
  private passTime(ms: number): void {
    const later = this.at + ms;
    const before = Math.min(later, this.leader.kernel.nextAt(this.stoppedMs) - 1);
    if (this.isSettled && before > this.at) {
      this.at = before;
      const { entries } = this.compute([], true, this.published);
      const [first] = entries;
      if (first !== undefined) throw new Error(`turn ${this.turn}: not foreseen: ${this.transcript.line(first)}`);
    }
    this.at = later;
  }

  private command(command: Command, shell: EventEntry[]): void {
    const { kernel } = this.leader;
    const { cell, cellRow } = kernel.state;
    if (command.do === 'elect') {
      const noLossBeforeMs = this.at - this.stoppedMs + cell.c.longestSessionMs[cellRow]!;
      shell.push(
        shellEvent(Code.LeaderResigned, { epoch: 1 }),
        shellEvent(Code.LeaderElected, { epoch: 2, noLossBeforeMs }),
      );
    } else if (command.do === 'leap') {
      this.at += command.ms;
      this.stoppedMs += command.ms;
      shell.push(shellEvent(Code.TimeLeapt, { gapMs: command.ms }));
    } else this.left.push(...this.world.inputsOf(command, this.at));
  }

  private request(shell: readonly EventEntry[], inputs: readonly InputEntry[], caughtUp: boolean): TurnRequest {
    const { at, stoppedMs } = this;
    const published = this.waiting[0] === undefined ? this.turn - 1 : this.waiting[0].request.turn - 1;
    return { turn: this.turn, at, stoppedMs, shell, inputs, caughtUp, published: Math.max(0, published) };
  }

  /** Computes the next turn with all three kernels. */
  private compute(shell: readonly EventEntry[], caughtUp: boolean, published?: number): TurnResult {
    this.turn += 1;
    const now = this.request(shell, this.left, caughtUp);
    const request = published === undefined ? now : { ...now, published };
    this.published = request.published;
    const result = this.leader.turn(request);
    this.left = this.left.slice(result.taken);
    this.isSettled = this.left.length === 0 && !result.full && !result.unfinished;
    this.transcript.add(this.at, result.entries);
    this.waiting.push({ request, result });
    this.ledger.add(result.entries);
    checkState(this.leader.kernel.state);
    const bytes = bytesOf(request, result);
    for (const [name, twin, given] of [
      ['second', this.second, request],
      ['third', this.third, asRecorded(request, result.taken)],
    ] as const) {
      const other = twin.turn(given);
      twin.kernel.accept();
      if (!bytes.equals(bytesOf(request, other))) throw new Error(this.difference(name, result, other));
      const [ours, theirs] = [this.leader.kernel, twin.kernel].map((kernel) => kernel.nextAt(this.stoppedMs));
      if (ours !== theirs)
        throw new Error(`turn ${this.turn}: the ${name} kernel is next at ${theirs}, not at ${ours}`);
    }
    return result;
  }

  private difference(name: string, result: TurnResult, other: TurnResult): string {
    const lines = (entries: TurnResult['entries']) => entries.map((entry) => JSON.stringify(entry.body));
    const ours = lines(result.entries);
    const theirs = lines(other.entries);
    const at = ours.findIndex((line, i) => line !== theirs[i]);
    const place = at < 0 ? ours.length : at;
    const shown = (entries: TurnResult['entries']) =>
      entries[place] === undefined ? 'nothing' : this.transcript.line(entries[place]);
    return `turn ${this.turn}: the ${name} kernel differs at entry ${place}: ${shown(result.entries)} ${ours[place]} | ${shown(other.entries)} ${theirs[place]}`;
  }

  /** Computes turns that never reach the journal, with inputs of their own, and takes them back. */
  private computeAhead(turns: number): void {
    const { leader } = this;
    const before = leader.cold;
    leader.cold = before.copy();
    while (this.waiting.length > 0) this.accept();
    const hash = Buffer.from(leader.kernel.state.hash.toBytes()).toString('hex');
    for (let n = 1; n <= turns; n++) {
      const inputs = [...(n === 1 ? this.left : this.world.strangers(n))];
      const request = { ...this.request([], inputs, true), turn: this.turn + n, at: this.at + n * 40_000 };
      leader.turn(request);
    }
    leader.kernel.undo();
    leader.cold = before;
    const after = Buffer.from(leader.kernel.state.hash.toBytes()).toString('hex');
    if (after !== hash) throw new Error('an undo left another hash');
    checkState(leader.kernel.state);
  }

  /** The third kernel is made anew from what was accepted, as one that follows the journal has it. */
  private refold(): void {
    while (this.waiting.length > 0) this.accept();
    const twin = new Twin();
    for (const record of this.journal) {
      foldTurn(twin.kernel.state, record, record.entries, twin.cold.put, twin.kernel);
      twin.kernel.accept();
    }
    this.third = twin;
  }

  /** The oldest turn that waits is in the journal: now the world sees it. */
  private accept(): void {
    const { request, result } = this.waiting.shift()!;
    const record = recordOf(request, result);
    this.leader.kernel.accept();
    this.journal.push(record);
    this.replica.fold(record);
    this.world.observe(result.entries);
  }

  /** Faults stop: executors come, answer and succeed, operators let everything go on. Every accepted DAG ends (I8). */
  finish(): void {
    this.give(this.world.relent());
    for (let round = 0; this.openDags() > 0; round++) {
      if (round > MAX_ROUNDS) throw new Error(`${this.openDags()} DAGs never end: ${this.stuck()}`);
      this.give(this.world.answers());
    }
    this.forget();
  }

  private give(inputs: readonly InputEntry[], laterMs = 1500): TurnResult {
    this.at += laterMs;
    this.left.push(...inputs);
    const result = this.compute([], true);
    while (this.waiting.length > 0) this.accept();
    return result;
  }

  private openDags(): number {
    const { cell, cellRow } = this.leader.kernel.state;
    return cell.c.openDags[cellRow]! + this.left.length + this.leader.kernel.indexes.cursors.length;
  }

  private isForgetting(): boolean {
    const { state, indexes } = this.leader.kernel;
    return state.retired.table.live > 0 || indexes.cursors.length > 0;
  }

  private stuck(): string {
    const { dags, jobs, space } = this.leader.kernel.state;
    const found: string[] = [];
    for (const dag of rowsOf(dags)) {
      if (dags.c.state[dag]! > DagState.ending) continue;
      const states = Array.from(
        { length: Math.min(12, dags.c.jobsTotal[dag]!) },
        (_, i) => jobs.c.state[space.handle(dag, i)],
      );
      found.push(
        `DAG ${dags.keyA[dag]} state ${dags.c.state[dag]} left ${dags.c.jobsLeft[dag]} cursors ${dags.c.cursors[dag]} jobs ${states}`,
      );
    }
    return found.join('; ');
  }

  /** Everything ended is forgotten, and everybody leaves: no row is left but those of who is known for good (I13). */
  private forget(): void {
    const keepNothing = cellLimits({ retainTerminalMs: 0, retainExecutorsMs: 0 });
    this.give([input(Code.SetCellLimits, keepNothing), ...this.world.leave()]);
    for (let n = 0; n < 6 || this.isForgetting(); n++) {
      if (n > MAX_ROUNDS) throw new Error('not all that has ended is forgotten');
      this.give([], 40_000);
    }
    this.give([input(Code.SetPolicy, { policy: 'fifo@1' }), input(Code.SetPolicy, { policy: 'default@1' })]);
    const { state } = this.leader.kernel;
    for (const { table } of [
      state.dags,
      state.jobs,
      state.fans,
      state.flows,
      state.tags,
      state.virtuals,
      state.fairs,
      state.fairDags,
      state.buckets,
      state.cursors,
      state.retired,
      state.leases,
      state.executors,
    ]) {
      if (table.live !== 0) throw new Error(`${table.live} rows of ${table.name} are left`);
    }
    const named = state.tenants.table.live + state.classes.table.live + state.remembered.table.live;
    if (state.ids.table.live !== named) throw new Error(`${state.ids.table.live} ids for ${named} rows`);
  }

  /** The history so far as text. */
  tell(): string {
    return this.transcript.lines.join('\n');
  }
}

/** What an audit has of a turn: the inputs that were taken, and that there were more. */
function asRecorded(request: TurnRequest, taken: number): TurnRequest {
  const { inputs, caughtUp } = request;
  return { ...request, inputs: inputs.slice(0, taken), caughtUp: caughtUp && taken === inputs.length };
}

import { Code } from '../../src/catalogue/generated/codes.js';
import type { SubmitDag } from '../../src/catalogue/generated/types.js';
import type { AcceptedTurn } from '../../src/outbox/port.js';
import { checkRows } from '../support/kernel/invariants.js';
import { CLASSES } from '../support/kernel/random/jobs.js';
import { Chance } from './chance.js';
import { cutBelow, flipOneBit, forge } from './checks/damage.js';
import { compareRestarts } from './checks/restarts.js';
import { Diary } from './diary.js';
import { FAULTS, flood, killInFanOut } from './faults.js';
import { type Ending, Machine, type MachineEvents } from './machine/machine.js';
import { copyOf } from './machine/store.js';
import { Met } from './met.js';
import { Executor } from './people/executor.js';
import { Operator } from './people/operator.js';
import { Producer } from './people/producer.js';
import { World } from './people/world.js';
import type { Stage } from './stage.js';
import { Timeline } from './timeline.js';

/** How long the people of a simulation do what they like, in ms; then faults stop. */
const ACTIVE_MS = 25_000;
/** How long after that everything may take to end. */
const CALM_MS = 600_000;
/** How long those who listen to nobody go on after that: longer than slots may stay reclaiming. */
const DEAF_MS = 40_000;
/** Between two looks at all rows, in turns. */
const LOOK_EVERY = 16;

/** Errors with which a fabric may end or not start: the disk's, and the clock's. */
const EXPECTED = new Set(['append-failed', 'disk-full', 'store-corrupt', 'store-closed', 'clock-not-accepted']);

/** A fabric on a machine, the people around it, and what goes wrong: all from one seed. */
export class Simulation implements MachineEvents, Stage {
  readonly chance: Chance;
  readonly timeline = new Timeline();
  readonly diary = new Diary(this.timeline);
  readonly met = new Met();
  readonly machine: Machine;
  readonly world: World;
  isStoreDamaged = false;
  killsInFanOut = false;
  #isKilledInFanOut = false;
  readonly #executors: Executor[] = [];
  readonly producer: Producer;
  readonly #operator: Operator;
  #broken: Error | null = null;
  #turns = 0;
  #isEnding = false;
  #failedBy = '';

  constructor(seed: number) {
    const chance = new Chance(seed);
    this.chance = chance;
    const parts = { timeline: this.timeline, chance: chance.fork(), diary: this.diary, met: this.met, events: this };
    this.machine = new Machine(parts);
    this.world = new World(this.timeline, chance.fork(), this.machine, this.diary, this.met);
    this.world.network.lost = chance.pick([0, 0.02, 0.1]);
    this.world.network.doubled = chance.pick([0, 0.02, 0.1]);
    const count = 2 + chance.below(4);
    for (let n = 0; n < count; n++) this.#hire(n);
    const everyMs = chance.pick([300, 600, 1000]);
    this.producer = new Producer(this.world, chance.fork(), 'a', everyMs);
    this.#operator = new Operator(
      this.world,
      chance.fork(),
      () => this.dags,
      this.#executors,
      chance.pick([300, 2000]),
    );
    this.#plan(seed);
  }

  #hire(n: number): void {
    const { chance } = this;
    const temper = {
      workMs: chance.pick([5, 100, 800]),
      fails: chance.pick([0, 0.1, 0.3]),
      returns: chance.pick([0, 0.05]),
      hangs: chance.pick([0, 0.02, 0.1]),
      isDeaf: chance.hits(0.1),
    };
    const slots = chance.pick([1, 2, 4, 8]);
    const executorClass = CLASSES[n % CLASSES.length]!;
    this.#executors.push(new Executor(`e${n}`, this.world, chance.fork(), temper, slots, executorClass));
  }

  /** A few kinds of faults for this seed, each as often as chance has it. */
  #plan(seed: number): void {
    const { chance, diary } = this;
    const names = Object.keys(FAULTS).filter((name) => chance.hits(name === 'kill at a point' ? 0.6 : 0.3));
    for (const name of names) this.#repeat(name, chance.pick([2000, 5000, 12_000]), chance.fork());
    diary.note(`faults of this seed: ${names.join(', ') || 'none'}`);
    // These two are costly: once in some seeds.
    if (seed % 25 === 5) this.timeline.after(chance.between(5000, 15_000), () => flood(this));
    if (seed % 10 === 6) this.timeline.after(chance.between(5000, 15_000), () => killInFanOut(this));
  }

  #repeat(name: string, everyMs: number, chance: Chance): void {
    this.timeline.after(chance.wait(everyMs), () => {
      if (this.world.isCalm) return;
      FAULTS[name]!(this);
      this.#repeat(name, everyMs, chance);
    });
  }

  readonly executor = (): Executor => this.chance.pick(this.#executors);

  /** All DAGs that anybody tried to submit. */
  get dags(): readonly SubmitDag[] {
    return this.producer.sent;
  }

  /** Lets it all happen, then stops the faults and waits until every DAG has ended; stops the fabric. */
  async run(): Promise<void> {
    this.machine.start(false);
    await this.#until(() => this.timeline.nowMs >= ACTIVE_MS, ACTIVE_MS + 1);
    this.#calm();
    if (!(await this.#until(() => this.#hasEnded(), ACTIVE_MS + CALM_MS))) {
      throw new Error(`not everything has ended: ${this.#left()}`);
    }
    this.#isEnding = true;
    this.machine.stop();
    await this.#until(() => this.machine.host === null, this.timeline.nowMs + 60_000);
  }

  async #until(isOver: () => boolean, limitMs: number): Promise<boolean> {
    const isDone = await this.timeline.run(() => this.#broken !== null || isOver(), limitMs);
    if (this.#broken !== null) throw this.#broken;
    return isDone;
  }

  #calm(): void {
    const { world, machine, diary, timeline } = this;
    diary.note('faults stop');
    world.isCalm = true;
    world.network.lost = 0;
    world.network.doubled = 0;
    machine.trouble.isFull = false;
    machine.wall.drift(0);
    for (const executor of this.#executors) {
      // Whoever doesn't stop what it is asked to stop gives its slots back so late that they are withdrawn.
      if (executor.temper.isDeaf) timeline.after(DEAF_MS, () => executor.calm());
      else executor.calm();
    }
    this.producer.stop();
    this.#operator.stop();
    for (const [n, name] of CLASSES.entries()) {
      const temper = { workMs: 50, fails: 0, returns: 0, hangs: 0, isDeaf: false };
      this.#executors.push(new Executor(`helper${n}`, world, this.chance.fork(), temper, 64, name));
    }
    this.#letGoOn();
  }

  /** Again and again: what the operator had sent before may come later than what takes it back. */
  #letGoOn(): void {
    this.timeline.after(5000, () => {
      if (this.#hasEnded()) return;
      this.#operator.relent();
      this.#operator.answerAll();
      this.#letGoOn();
    });
  }

  #hasEnded(): boolean {
    const { serving } = this.machine;
    if (serving === null || this.timeline.nowMs < ACTIVE_MS + 8000 || serving.pending > 0) return false;
    const { kernel, inbox } = serving.fabric;
    const { cell, cellRow } = kernel.state;
    return cell.c.openDags[cellRow] === 0 && inbox.waiting === 0 && kernel.indexes.cursors.length === 0;
  }

  #left(): string {
    const { serving } = this.machine;
    if (serving === null) return 'nothing serves';
    const { state } = serving.fabric.kernel;
    const { dags } = state;
    const open: string[] = [];
    for (let dag = 1; dag < dags.table.high; dag++) {
      if (!dags.table.isLive(dag) || dags.c.state[dag]! > 3) continue;
      open.push(`DAG ${dags.keyA[dag]} in state ${dags.c.state[dag]} with ${dags.c.jobsLeft[dag]} jobs left`);
    }
    return `${open.join(', ') || 'no open DAG'}; ${serving.pending} inputs not answered`;
  }

  up(): void {
    if (this.#failedBy === 'disk-full') this.met.note('disk-full');
    if (this.#failedBy === 'append-failed') this.met.note('sync-failed');
    if (this.#failedBy === 'store') this.met.note('store-failed');
    this.#failedBy = '';
  }

  turn({ entries }: AcceptedTurn): void {
    this.#turns += 1;
    if (this.killsInFanOut && entries.some(isHalfMade)) {
      this.killsInFanOut = false;
      this.#isKilledInFanOut = true;
      this.machine.host?.trap('before the write', 1);
    }
    if (this.#turns % LOOK_EVERY !== 0) return;
    try {
      const { kernel, views } = this.machine.serving!.fabric;
      checkRows(kernel.state);
      if (views.classes().some(({ ready, slotsFree }) => ready > 0 && slotsFree === 0)) this.met.note('full-class');
    } catch (error) {
      this.break(error);
    }
  }

  down(ending: Ending, error: Error | null): void {
    if (error !== null) this.#judge(error);
    if (this.#isEnding) return;
    const means = { stopped: 50, killed: 500, power: 2000, failed: 800 };
    const acceptClock = this.chance.hits(0.3);
    this.timeline.after(this.chance.wait(means[ending]), () => void this.#restart(acceptClock));
  }

  refused(error: Error): void {
    this.#judge(error);
    const isClock = (error as { code?: unknown }).code === 'clock-not-accepted';
    if (isClock) this.met.note('clock-refused');
    this.timeline.after(1000, () => this.machine.start(isClock));
  }

  #judge(error: Error): void {
    const code = String((error as { code?: unknown }).code ?? '');
    const isStore = error.name === 'StoreError';
    this.#failedBy = isStore ? 'store' : code;
    if (code === 'store-corrupt' && !this.isStoreDamaged) this.break(error);
    else if (!EXPECTED.has(code)) this.break(error);
  }

  /** Something that must never happen has happened. */
  break(error: unknown): void {
    this.#broken ??= error instanceof Error ? error : new Error(String(error));
  }

  /** Now and then what a start would come to is looked at before it. */
  async #restart(acceptClock: boolean): Promise<void> {
    const { machine, chance, met } = this;
    try {
      if (!this.isStoreDamaged && (chance.hits(0.25) || this.#isKilledInFanOut)) {
        this.#isKilledInFanOut = false;
        const { isInFanOut } = await compareRestarts(machine.disk, copyOf(machine.medium));
        met.note('restarts-alike');
        if (isInFanOut) met.note('restart-in-fan-out');
      }
      if (chance.hits(0.1) && (await flipOneBit(machine.disk, chance))) met.note('journal-damaged');
      if (chance.hits(0.1)) await this.#cut();
      if (chance.hits(0.1) && machine.acceptedTurn > 0) {
        await forge(machine.disk);
        met.note('journal-forged');
      }
    } catch (error) {
      this.break(error);
    }
    machine.start(acceptClock);
  }

  async #cut(): Promise<void> {
    const { machine, met } = this;
    const position = machine.storePosition();
    if (position === null) return;
    if (await cutBelow(machine.disk, position)) met.note('journal-cut');
  }
}

/** Whether a fan-out has more children to be made after this event. */
function isHalfMade(entry: AcceptedTurn['entries'][number]): boolean {
  return entry.code === Code.JobsFannedOut && entry.body.to < entry.body.base + entry.body.count;
}

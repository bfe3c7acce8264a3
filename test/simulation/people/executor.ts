import { Code } from '../../../src/catalogue/generated/codes.js';
import { CLASSES } from '../../support/kernel/random/jobs.js';
import type { Chance } from '../chance.js';
import { Incarnation } from './incarnation.js';
import type { Employer, Temper, Work } from './temper.js';
import type { World } from './world.js';

/** An executor as an operator sees it: a name under which one process after the other runs. */
export class Executor implements Employer {
  readonly slots: number;
  readonly sessionMs: number;
  #class: string;
  #incarnations = 0;
  #isDown = false;
  current: Incarnation;
  /** Processes under its name that should be gone and are not. */
  readonly zombies: Incarnation[] = [];

  constructor(
    readonly id: string,
    readonly world: World,
    readonly chance: Chance,
    readonly temper: Temper,
    slots: number,
    executorClass: string,
  ) {
    this.slots = slots;
    this.#class = executorClass;
    this.sessionMs = chance.pick([1000, 3000, 10_000]);
    this.current = this.#incarnate([]);
  }

  isCurrent(process: object): boolean {
    return this.current === process;
  }

  get executorClass(): string {
    return this.#class;
  }

  #incarnate(held: readonly Work[]): Incarnation {
    this.#incarnations += 1;
    const incarnation = new Incarnation(this, `${this.id}-${this.#incarnations}`, held);
    incarnation.register();
    return incarnation;
  }

  /** Its process ends and another begins after a while, with or without the work of the one before. */
  crash(downMs: number, how: 'empty' | 'held' | 'zombie'): void {
    const { world, current } = this;
    if (this.#isDown) return;
    this.#isDown = true;
    world.diary.note(`${this.id} crashes for ${Math.round(downMs)} ms, ${how}, with ${current.running.size} jobs`);
    if (how === 'zombie') this.zombies.push(current);
    else current.die();
    const held = how === 'held' ? [...current.running.values()] : [];
    if (how === 'empty' && this.chance.hits(0.15)) this.#class = this.chance.pick(CLASSES);
    world.timeline.after(downMs, () => {
      this.#isDown = false;
      this.current = this.#incarnate(held);
    });
  }

  /** Nothing that it sends or is sent gets through for a while; its jobs go on. */
  cutOff(ms: number): void {
    this.world.diary.note(`${this.id} is cut off for ${Math.round(ms)} ms`);
    this.current.cutOff(ms);
  }

  /** The zombies are found and ended, and the process behaves. */
  calm(): void {
    for (const zombie of this.zombies) zombie.die();
    this.temper.isDeaf = false;
    this.current.calm();
  }

  /** An operator lets it give its work back. */
  drain(): void {
    this.world.until(
      this.world.input(Code.DrainExecutor, { executor: this.id, incarnation: null }),
      () => this.world.isCalm,
      () => undefined,
    );
  }
}

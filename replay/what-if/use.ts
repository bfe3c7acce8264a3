/**
 * How much of the slots of classes was held, over the time in which there was something to do: up to the last moment at
 * which a slot was held, a DAG came, or one ended. A history that has come to a stand is looked on at for long before it
 * is given up, and that time is nobody's idling.
 */
import { madeOnce } from '../../src/catalogue/made-once.js';

interface ClassUse {
  slots: number;
  held: number;
  heldMs: number;
  slotMs: number;
  /** Of `slotMs`, up to the last moment at which there was something to do. */
  countedMs: number;
}

export class Use {
  readonly #classes = new Map<string, ClassUse>();

  /** A class has so many slots more, or fewer. */
  offer(name: string, slots: number): void {
    const none = () => ({ slots: 0, held: 0, heldMs: 0, slotMs: 0, countedMs: 0 });
    madeOnce(this.#classes, name, none).slots += slots;
  }

  /** So many slots more, or fewer, of a class are held. */
  hold(name: string, slots: number): void {
    this.#classes.get(name)!.held += slots;
  }

  /** Time passes with DAGs open. */
  pass(ms: number): void {
    if (ms === 0) return;
    let isHeld = false;
    for (const one of this.#classes.values()) {
      // What is held is there, though its executor is lost or offers fewer by now.
      one.slotMs += Math.max(one.slots, one.held) * ms;
      one.heldMs += one.held * ms;
      isHeld ||= one.held > 0;
    }
    if (isHeld) this.count();
  }

  /** There is something to do at this moment, so the time before it counts. */
  count(): void {
    for (const one of this.#classes.values()) one.countedMs = one.slotMs;
  }

  /** The share of each class's slot time that was held, in thousandths, in the order of their names. */
  permille(): Record<string, number> {
    const names = [...this.#classes.keys()].sort();
    return Object.fromEntries(names.map((name) => [name, permilleOf(this.#classes.get(name)!)]));
  }
}

function permilleOf({ heldMs, countedMs }: ClassUse): number {
  return Math.floor((heldMs * 1_000) / Math.max(1, countedMs));
}

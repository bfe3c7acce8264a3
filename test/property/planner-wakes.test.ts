/** The kernel knows when time alone has work for it: before that moment a turn comes to nothing, whatever waits. */
import fc from 'fast-check';
import { it } from 'vitest';
import { Code, nameOf } from '../../src/catalogue/generated/codes.js';
import type { EventEntry } from '../../src/catalogue/generated/types.js';
import { Kernel } from '../../src/kernel/kernel.js';
import { START_MS, type VirtualTurn } from '../../src/simulate/cell/virtual-cell.js';
import { type Arrival, arrival, type World } from '../../src/simulate/cell/world.js';
import { load, play } from '../support/kernel/random/loads.js';

const runs = Number(process.env['MARIE_RUNS'] ?? 60);
const seed = process.env['MARIE_SEED'] ?? '1';
const settings = { numRuns: runs, ...(seed === 'random' ? {} : { seed: Number(seed) }) };

/** How often there is a turn for nothing, in ms. */
const TICK_MS = 777;

/** A world in which somebody whom nobody knows says every now and then that it is alive. */
function ticking(world: World): World {
  let next = world.next();
  let at = START_MS;
  return {
    next(): Arrival {
      at += TICK_MS;
      if (next === null || at < next.at) return arrival(at, Code.Heartbeat, { executor: 'nobody', incarnation: '' });
      at -= TICK_MS;
      const found = next;
      next = world.next();
      return found;
    },
    ending: (attempt) => world.ending(attempt),
  };
}

class Watch {
  readonly kernel = new Kernel();
  /** Until when nothing was to happen by time alone. */
  #quietUntil = 0;

  hear({ turn, at, entries, result }: VirtualTurn): void {
    const brought = entries.some((entry) => 'envelope' in entry && entry.code !== Code.Heartbeat);
    const byItself = entries.filter((entry): entry is EventEntry => !('envelope' in entry) && entry.cause < 0);
    if (!brought && at < this.#quietUntil && byItself.length > 0) {
      const names = byItself.map(({ code }) => nameOf(code)).join(' ');
      throw new Error(`turn ${turn}, ${this.#quietUntil - at} ms before time has work for it: ${names}`);
    }
    this.#quietUntil = result.full || result.unfinished ? 0 : this.kernel.nextAt(0);
  }
}

it('a turn before the moment that the kernel has named comes to nothing', () => {
  fc.assert(
    fc.property(load, (one) => {
      const watch = new Watch();
      play(one, watch.kernel, (turn) => watch.hear(turn), ticking);
    }),
    settings,
  );
});

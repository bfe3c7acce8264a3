import type { Chance } from './chance.js';
import type { Diary } from './diary.js';
import type { Machine } from './machine/machine.js';
import type { Met } from './met.js';
import type { Executor } from './people/executor.js';
import type { Producer } from './people/producer.js';
import type { World } from './people/world.js';
import type { Timeline } from './timeline.js';

/** All that a fault can be done to. */
export interface Stage {
  readonly chance: Chance;
  readonly timeline: Timeline;
  readonly diary: Diary;
  readonly met: Met;
  readonly machine: Machine;
  readonly world: World;
  readonly producer: Producer;
  /** One of the executors. */
  readonly executor: () => Executor;
  /** A bit of the store has flipped. */
  isStoreDamaged: boolean;
  /** The process dies when a fan-out is half made. */
  killsInFanOut: boolean;
}

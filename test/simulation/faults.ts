import { Code } from '../../src/catalogue/generated/codes.js';
import { MAX_WAITING } from '../../src/inbox/embedded.js';
import { MAX_LEAD_MS } from '../../src/scheduler/time/journal-time.js';
import { MemoryMedium } from '../support/memory/medium.js';
import { POINTS } from './machine/host.js';
import { damageOne } from './machine/store.js';
import { hugeFanOut } from './people/shapes.js';
import type { Stage } from './stage.js';

/** What can go wrong, by name: each does it once, at this moment. */
export const FAULTS: Readonly<Record<string, (stage: Stage) => void>> = {
  kill: ({ machine }) => machine.kill(),
  'kill at a point': ({ machine, chance }) => {
    const point = chance.pick(POINTS);
    machine.host?.trap(point, point.includes('store') ? 1 : 1 + chance.below(6));
  },
  'power loss': ({ machine }) => machine.losePower(),
  stop: ({ machine, met }) => {
    if ((machine.serving?.pending ?? 0) > 0) met.note('stopped-under-load');
    machine.stop();
  },
  stall: ({ machine, chance, diary, timeline, met }) => {
    const { host, serving } = machine;
    if (host === null || serving === null) return;
    const ms = chance.between(1500, 6000);
    diary.note(`the process stalls for ${Math.round(ms)} ms`);
    host.stall(ms);
    timeline.after(ms - 1, () => {
      if (host.alive && serving.pending > 0) met.note('loop-stalled');
    });
  },
  'slow sync': ({ machine, chance, diary, timeline, met }) => {
    const ms = chance.between(1200, 4000);
    diary.note(`the next sync takes ${Math.round(ms)} ms`);
    machine.trouble.slowSyncMs = ms;
    const { host } = machine;
    timeline.after(2 * ms, () => {
      if (host?.alive === true && machine.trouble.slowSyncMs === 0) met.note('append-stalled');
    });
  },
  'sync fails': ({ machine, diary }) => {
    diary.note('the next sync fails');
    machine.trouble.failsSync = true;
  },
  'disk full': ({ machine, chance, diary, timeline }) => {
    const ms = chance.between(1000, 6000);
    diary.note(`the disk is full for ${Math.round(ms)} ms`);
    machine.trouble.isFull = true;
    timeline.after(ms, () => {
      machine.trouble.isFull = false;
    });
  },
  'store fails': ({ machine, diary }) => {
    if (machine.hostStore === null) return;
    diary.note('the next write of the store fails');
    machine.hostStore.fails = true;
  },
  'store damaged': (stage) => {
    stage.diary.note('a bit of the store flips');
    stage.isStoreDamaged ||= damageOne(stage.machine.medium, (below) => stage.chance.below(below));
  },
  'store gone': ({ machine, diary }) => {
    machine.kill();
    if (machine.host !== null) return;
    diary.note('the store is deleted');
    machine.medium = new MemoryMedium();
  },
  'clock ahead': (stage) => leap(stage, stage.chance.pick([7000, 60_000, 2 * 3_600_000])),
  'clock behind': (stage) => leap(stage, -stage.chance.pick([500, 20_000, 3_600_000])),
  drift: ({ machine, chance, diary }) => {
    const drift = chance.pick([-0.2, -0.01, 0, 0.01, 0.2]);
    diary.note(`the clock drifts by ${drift}`);
    machine.wall.drift(drift);
  },
  crash: ({ executor, chance }) => executor().crash(chance.wait(1500), 'empty'),
  'crash, jobs go on': ({ executor, chance }) => executor().crash(chance.wait(1500), 'held'),
  zombie: ({ executor, chance }) => executor().crash(chance.wait(500), 'zombie'),
  'cut off': ({ executor, chance }) => executor().cutOff(chance.pick([500, 4000, 20_000])),
  deaf: ({ executor }) => {
    executor().temper.isDeaf = true;
  },
  drain: ({ executor }) => executor().drain(),
};

function leap({ machine, diary, met, world, timeline, chance }: Stage, ms: number): void {
  diary.note(`the wall clock leaps by ${ms} ms`);
  machine.wall.leap(ms);
  if (ms < 0) return met.note('clock-behind');
  timeline.after(1000, () => {
    if ((machine.serving?.fabric.leader.clockAheadMs ?? 0) > MAX_LEAD_MS) met.note('clock-ahead');
    if (!chance.hits(0.5)) return;
    const input = world.input(Code.AcceptClock, { clockAtMs: Math.floor(machine.wall.nowMs()) });
    world.until(
      input,
      () => false,
      () => undefined,
    );
  });
}

/** A fan-out so large that it takes more than a turn, and a process that dies when it is half made. */
export function killInFanOut(stage: Stage): void {
  stage.killsInFanOut = true;
  stage.producer.submit(hugeFanOut('huge'));
}

/** More inputs at once than the inbox has room for, while the process can't take them. */
export function flood(stage: Stage): void {
  const { machine, world, diary, met, executor, timeline } = stage;
  const { host, serving } = machine;
  if (host === null || serving === null) {
    timeline.after(500, () => flood(stage));
    return;
  }
  diary.note('more inputs at once than there is room for');
  const { id, current } = executor();
  const input = world.input(Code.Heartbeat, { executor: id, incarnation: current.name });
  host.stall(100);
  for (let n = 0; n <= MAX_WAITING; n++) {
    serving.fabric.inbox.put(input).catch((error: { readonly code?: unknown }) => {
      if (error.code === 'inbox-full') met.note('inbox-full');
    });
  }
}

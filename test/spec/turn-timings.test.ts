/** The times of a turn are of one clock: none is before the one that it comes after, whatever the wall clock does. */
import { expect, it, vi } from 'vitest';
import { TopicPublisher } from '../../src/outbox/kafka/publisher.js';
import type { Clocks } from '../../src/scheduler/ports.js';
import { openMemoryFabric } from '../support/fabric/memory-fabric.js';
import { PATIENT } from '../support/patience.js';

const CELL = 'main';
const START_MS = 1_700_000_000_000;
/** Parts of a millisecond with which the clocks begin. */
const PHASES = 20;

/** A monotonic clock that goes on with every look, and a wall clock of whole milliseconds, as the system's is. */
function clocksAt(phase: number, driftPerMs: number): Clocks {
  let now = phase;
  const look = (): number => {
    now += 0.03;
    return now;
  };
  return { monotonicMs: look, wallMs: () => Math.floor(START_MS + look() * (1 + driftPerMs)) };
}

/** The last turn of a fabric that begins and ends, as it is told on the topic of timings. */
async function told(clocks: Clocks): Promise<Record<string, number>> {
  const fabric = await openMemoryFabric(clocks);
  const written: { readonly value: Uint8Array | null }[] = [];
  const writeAll = async (
    batches: readonly { readonly records: readonly { readonly value: Uint8Array | null }[] }[],
  ) => {
    written.push(...batches.flatMap(({ records }) => records));
    return batches.map(() => null);
  };
  const publisher = new TopicPublisher(
    {
      cell: CELL,
      writer: { writeAll, close: () => undefined } as never,
      partitions: { leases: 1, slots: 1, dispatches: 1, lifecycle: 1, refusals: 1, timings: 1 },
      project: async function* () {},
      read: async function* () {},
      monotonicMs: clocks.monotonicMs,
      onFatal: (error) => {
        throw error;
      },
    },
    1,
    1,
  );
  publisher.start();
  fabric.outbox.subscribe((turn) => publisher.add(turn));
  await fabric.close();
  await vi.waitFor(() => expect(written).not.toEqual([]), PATIENT);
  await publisher.stop();
  return JSON.parse(Buffer.from(written[0]!.value!).toString()) as Record<string, number>;
}

it.each([
  ['goes as it should', 0],
  ['is set back', -0.9],
])('are in their order where the wall clock %s', async (_what, drift) => {
  for (let phase = 0; phase < PHASES; phase++) {
    const { takenAt, planned, appended, published } = await told(clocksAt(phase / PHASES, drift));
    const order = [takenAt!, planned!, appended!, published!];
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  }
});

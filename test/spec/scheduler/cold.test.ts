import { describe, expect, it } from 'vitest';
import { ColdRows } from '../../../src/scheduler/rows/cold.js';
import { Packed } from '../../../src/store/packed.js';
import { job, submission } from '../../support/kernel/build.js';
import { openMemoryStore } from '../../support/memory/open-store.js';

const LAYOUT = 1;
const DAGS = [1, 2, 3, 4];

/** Cold rows with the submissions of four DAGs, all of them stored, and how often the store was asked since. */
async function storedSpecs(maxBytes?: number) {
  const { store } = await openMemoryStore({ cell: 'main', layout: LAYOUT });
  let asked = 0;
  const counting = Object.create(store, {
    getMany: {
      value: (keys: Parameters<typeof store.getMany>[0]) => {
        asked += keys.length;
        return store.getMany(keys);
      },
    },
  }) as typeof store;
  const cold = new ColdRows(counting, maxBytes);
  let turn = 0;
  const batch = async (): Promise<void> => {
    const operations = Packed.empty();
    const stored = cold.drainInto(operations);
    turn += 1;
    const position = { cell: 'main', turn, layout: LAYOUT, hash: new Uint8Array(32), stateHash: new Uint8Array(16) };
    await store.write(operations, position);
    stored();
  };
  for (const dag of DAGS) {
    cold.put({ kind: 'spec', dag, submission: submission(`d${dag}`, [job('a')]), encoded: null });
  }
  return { cold, batch, asked: () => asked };
}

/** What the submission of one DAG takes. */
async function bytesOfOne(): Promise<number> {
  const { cold } = await storedSpecs();
  return cold.bytes / DAGS.length;
}

describe('cold rows in memory', () => {
  it('stay until they are stored, however many they are', async () => {
    const { cold, batch, asked } = await storedSpecs(1);
    await cold.fetchSpecs(DAGS);
    expect(asked()).toBe(0);
    await batch();
    await cold.fetchSpec(1);
    expect(asked()).toBe(1);
  });

  it('leave when they are beyond the limit, those that were used longest ago first', async () => {
    const { cold, batch, asked } = await storedSpecs(2.5 * (await bytesOfOne()));
    expect(cold.knownSpec(1)).not.toBeNull();
    await batch();
    expect(await cold.peekSpecs(DAGS).then((found) => found.map((spec) => spec instanceof Uint8Array))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    await cold.fetchSpec(4);
    const release = cold.hold();
    await cold.fetchSpec(2);
    expect(asked()).toBe(3);
    expect(cold.bytes).toBeGreaterThan(2.5 * (await bytesOfOne()));
    release();
    expect(cold.bytes).toBeLessThanOrEqual(2.5 * (await bytesOfOne()));
  });

  it('leave although there is always somebody who holds them: what the oldest has found stays', async () => {
    const one = await bytesOfOne();
    const { cold, batch } = await storedSpecs(1.5 * one);
    await batch();
    let release = cold.hold();
    for (let n = 0; n < 5 * DAGS.length; n++) {
      const dag = DAGS[n % DAGS.length]!;
      await cold.fetchSpec(dag);
      const next = cold.hold();
      release();
      release = next;
      expect(cold.bytes).toBeLessThanOrEqual(2.5 * one);
    }
    await cold.fetchSpec(1);
    const inner = cold.hold();
    await cold.fetchSpecs([2, 3, 4]);
    inner();
    expect(cold.spec(1).dagId).toBe('d1');
    release();
    expect(() => cold.spec(1)).toThrow('was not fetched');
  });

  it('of a DAG that left memory go once nobody can have found them', async () => {
    const { cold, batch } = await storedSpecs();
    await batch();
    const release = cold.hold();
    await cold.fetchSpec(1);
    cold.drop(1);
    cold.drop(2);
    expect(cold.spec(1).dagId).toBe('d1');
    expect(() => cold.spec(2)).toThrow('was not fetched');
    release();
    expect(() => cold.spec(1)).toThrow('was not fetched');
  });

  it('are read from the store once for each DAG, in the order in which they were asked for', async () => {
    const { cold, batch, asked } = await storedSpecs(1);
    await batch();
    const specs = await cold.fetchSpecs([3, 1, 3]);
    expect(specs.map(({ dagId }) => dagId)).toEqual(['d3', 'd1', 'd3']);
    expect(asked()).toBe(2);
  });

  it('do not come to be there because somebody looks at many outputs', async () => {
    const { cold, batch } = await storedSpecs(1);
    cold.put({ kind: 'output', dag: 1, job: 0, attempt: 1, json: Buffer.from('"out"'), blob: null });
    await batch();
    await cold.fetchSpec(1);
    const before = cold.bytes;
    const attempts = [1, 2].map((attempt) => ({ dag: 1, job: 0, attempt }));
    const found = await cold.peekOutputs(attempts);
    expect(found.map((output) => output && Buffer.from(output.json!).toString())).toEqual(['"out"', null]);
    expect(cold.bytes).toBe(before);
    await cold.fetchOutputs(attempts);
    expect(cold.bytes).toBeGreaterThan(before);
  });

  it('of a DAG that is forgotten are gone at once, until the store has forgotten them too', async () => {
    const { cold, batch } = await storedSpecs();
    await batch();
    const gone = { kind: 'gone', job: -1, attempts: 0, outputs: false, failures: false } as const;
    cold.put({ ...gone, dag: 2 });
    expect(cold.goneOf(DAGS)).toEqual(new Set([2]));
    const operations = Packed.empty();
    const stored = cold.drainInto(operations);
    cold.put({ ...gone, dag: 3 });
    expect(cold.goneOf(DAGS)).toEqual(new Set([2, 3]));
    stored();
    expect(cold.goneOf(DAGS)).toEqual(new Set([3]));
  });
});

import { describe, expect, it } from 'vitest';
import { RestingDags } from '../../../src/scheduler/rows/resting-dags.js';

const stays = (): boolean => false;

describe('terminal DAGs that rest in memory', () => {
  it('stay while there is room, and leave oldest first', () => {
    const resting = new RestingDags(10);
    resting.add(1, 4);
    resting.add(2, 6);
    expect(resting.take(stays)).toBeUndefined();
    resting.add(3, 5);
    expect(resting.take(stays)).toBe(1);
    expect(resting.take(stays)).toBe(2);
    expect(resting.take(stays)).toBeUndefined();
  });

  it('make room when they are gone', () => {
    const resting = new RestingDags(10);
    for (const dag of [1, 2, 3]) resting.add(dag, 5);
    expect(resting.take((dag) => dag === 1)).toBeUndefined();
    resting.add(4, 5);
    expect(resting.take(stays)).toBe(2);
    expect(resting.take(stays)).toBeUndefined();
  });

  it('may all be gone', () => {
    const resting = new RestingDags(1);
    for (const dag of [1, 2]) resting.add(dag, 5);
    expect(resting.take(() => true)).toBeUndefined();
    resting.add(3, 1);
    expect(resting.take(stays)).toBeUndefined();
  });

  it('are counted however many have come and gone', () => {
    const resting = new RestingDags(3);
    const left: number[] = [];
    for (let dag = 1; dag <= 1000; dag++) {
      resting.add(dag, 1);
      for (let one = resting.take(stays); one !== undefined; one = resting.take(stays)) left.push(one);
    }
    expect(left).toEqual(Array.from({ length: 997 }, (_, i) => i + 1));
  });
});

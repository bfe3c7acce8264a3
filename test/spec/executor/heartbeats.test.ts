import { beforeEach, describe, expect, it } from 'vitest';
import type { Machine } from '../../../src/client/ports.js';
import { Heartbeats } from '../../../src/executor/heartbeats.js';

const EVERY_MS = 2_500;

let nowMs: number;
let due: (() => void) | null;
let said: string[];
let heartbeats: Heartbeats;

const machine = {
  nowMs: () => nowMs,
  after: (_ms, callback) => {
    due = callback;
    return () => {
      if (due === callback) due = null;
    };
  },
} as Machine;

/** The time until the next timer, which is late by so much. */
function goOn(lateMs = 0): void {
  nowMs += EVERY_MS + lateMs;
  const callback = due;
  due = null;
  callback?.();
}

beforeEach(() => {
  [nowMs, due, said] = [0, null, []];
  const substitute = { alive: (path: string, everyMs: number | null) => void said.push(`${path} ${everyMs}`) };
  const stoodStill = (ms: number) => void said.push(`stood still for ${ms}`);
  heartbeats = new Heartbeats(machine, substitute, 'it', () => void said.push('heartbeat'), stoodStill);
  heartbeats.begin(EVERY_MS);
});

describe('heartbeats', () => {
  it('are sent, and the substitute hears of each', () => {
    goOn();
    goOn(EVERY_MS - 1);
    expect(said).toEqual(['it 2500', 'it 2500', 'heartbeat', 'it 2500', 'heartbeat']);
  });

  it('tell that the process stood still', () => {
    goOn(60_000.4);
    expect(said).toEqual(['it 2500', 'stood still for 60000', 'it 2500', 'heartbeat']);
  });

  it('end, for the substitute too, where the stream has broken and nothing stood still', () => {
    heartbeats.pause();
    goOn();
    expect(said).toEqual(['it 2500', 'it null']);
    expect(due).toBeNull();
  });

  it('are left to the substitute where the process stands still before it has registered again', () => {
    heartbeats.pause();
    goOn(30_000);
    expect(said).toEqual(['it 2500', 'stood still for 30000', 'it 2500']);
    heartbeats.begin(EVERY_MS);
    goOn();
    expect(said.slice(3)).toEqual(['it 2500', 'it 2500', 'heartbeat']);
  });

  it('begin once, however often a session does', () => {
    heartbeats.begin(EVERY_MS);
    goOn();
    expect(said.filter((what) => what === 'heartbeat')).toHaveLength(1);
    heartbeats.end();
    expect(due).toBeNull();
  });
});

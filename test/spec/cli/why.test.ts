import { describe, expect, it } from 'vitest';
import { remedy, whyText } from '../../../src/cli/text/why.js';
import type { Why } from '../../../src/client/index.js';

const NOW_MS = 100_000;
const ahead = { tenant: 'acme', dagId: 'scan-9', job: 'ocr[0]', field: 'tenant-tag', value: 12_000, own: 19_500 };

const wide = { reason: 'reserved-for-wide', tenant: 't', dagId: 'big', job: 'wide', executor: 'ocr-1' } as const;

const cases: readonly [Why, string, string | null][] = [
  [{ reason: 'lease-in-force', executor: 'ocr-1', sinceMs: 97_000 }, 'ocr-1 has had it for 3.00 s', null],
  [{ reason: 'paused-dag' }, 'its DAG is paused', 'marie resume d'],
  [
    { reason: 'held-tenant-limit', limit: 'active-dags', position: 3 },
    'active-dags of its tenant are used up; number 3 of',
    'marie limits',
  ],
  [
    { reason: 'held-tenant-limit', limit: 'held-before', position: 2 },
    'its DAG is held: others of its tenant come before it; number 2 of those that wait',
    'marie limits',
  ],
  [{ reason: 'waiting-for', jobs: ['a', 'b'], more: 1_200 }, 'after a, b and 1,200 more', 'marie explain d a'],
  [{ reason: 'waiting-for-fan-out', made: 12, left: 5 }, '5 children of its fan-out have not ended', null],
  [
    { reason: 'waiting-for-fan-out', made: 512, left: 9000 },
    '9,000 children of its fan-out have not ended; 512 are',
    null,
  ],
  [{ reason: 'waiting-for-signal', name: 'ok' }, 'an answer to ok', 'marie signal d ok ANSWER'],
  [{ reason: 'backoff-until', untilMs: 101_500, attempt: 2 }, 'it failed; attempt 2 begins in 1.50 s', 'marie get d'],
  [
    { reason: 'no-executor-in-class', group: 'other', executorClass: 'ocr', otherGroups: [] },
    'no executor of class ocr is there in group other',
    'marie executors',
  ],
  [
    { reason: 'no-executor-in-class', group: 'other', executorClass: 'ocr', otherGroups: ['default', 'gpu'] },
    'in group other; there are some in default, gpu',
    'marie executors',
  ],
  [{ reason: 'larger-than-any-executor', slots: 8, largest: 4 }, 'needs 8 slots', 'marie executors'],
  [{ reason: 'larger-than-any-executor', slots: 1, largest: 0 }, 'each is leaving', 'marie executors'],
  [{ reason: 'all-cordoned-or-draining', executors: 2 }, 'the 2 executors that', 'marie executors'],
  [{ reason: 'all-cordoned-or-draining', executors: 1 }, 'the one executor that is large', 'marie executors'],
  [{ reason: 'waiting-for-reservation', executor: 'ocr-1', expectedAtMs: 102_000 }, 'in about 2.00 s', null],
  [{ reason: 'waiting-for-reservation', executor: 'ocr-1', expectedAtMs: 99_000 }, 'longer than estimated', null],
  [{ reason: 'class-limit', slots: 1, limit: 4, inUse: 4 }, 'may use 4 slots at once; 4 in use', 'marie limits'],
  [{ reason: 'class-limit', slots: 2, limit: 1, inUse: 0 }, 'needs 2 slots, and its class may use 1', 'marie limits'],
  [
    { reason: 'rate-limited', untilMs: 101_000, tenant: 't', dagId: 'chat', job: 'call', units: 900 },
    'no tokens for chat/call, the next one, for 1.00 s',
    'marie classes --json',
  ],
  [{ reason: 'reserved-for-short-work', longRunning: 3, allowed: 3 }, '3 long ones run, 3 may', null],
  [{ ...wide, endsInTime: false, ahead: null }, 'ocr-1 is kept for big/wide, and this would not end in time', null],
  [
    { ...wide, endsInTime: true, ahead },
    'ocr-1 is kept for big/wide; scan-9/ocr[0] comes before this one, by its tenant-tag: 12.0 slot-s against 19.5 slot-s, and may',
    null,
  ],
  [{ ...wide, endsInTime: true, ahead: null }, 'what the limit of its class leaves is kept for big/wide', null],
  [
    { reason: 'slot-reclaiming', executor: 'ocr-1', slots: 2, sinceMs: 90_000 },
    "hasn't said for 10.0 s that the work on 2 slots stopped",
    'marie executors',
  ],
  [
    { reason: 'no-free-slot', ahead: null, slots: 1, widest: 0 },
    'every slot is taken; nothing comes before it',
    'marie capacity',
  ],
  [
    { reason: 'no-free-slot', ahead: null, slots: 2, widest: 1 },
    'it needs 2 slots on one executor, and the most that are free on one is 1; nothing comes before it',
    'marie capacity',
  ],
  [
    { reason: 'no-free-slot', ahead, slots: 1, widest: 0 },
    'taken; scan-9/ocr[0] of acme comes before it, by its tenant-tag: 12.0 slot-s against 19.5 slot-s',
    'marie capacity',
  ],
  [
    { reason: 'no-free-slot', ahead, slots: 2, widest: 3 },
    'not enough for scan-9/ocr[0], which comes first of its DAG, by its tenant-tag: 12.0 slot-s',
    'marie capacity',
  ],
  [
    { reason: 'no-free-slot', ahead: { ...ahead, field: 'lane', value: 2, own: 1 }, slots: 1, widest: 0 },
    "comes before it, by its lane's share: regular against urgent",
    'marie capacity',
  ],
  [
    { reason: 'no-free-slot', ahead: { ...ahead, field: 'lane', value: 0, own: 1 }, slots: 1, widest: 0 },
    'comes before it, by its lane: guard against urgent',
    'marie capacity',
  ],
  [
    { reason: 'no-free-slot', ahead: { ...ahead, field: 'reservation', value: 1, own: 0 }, slots: 4, widest: 2 },
    'free on one is 2; scan-9/ocr[0] of acme comes before it, by its reservation of an executor',
    'marie capacity',
  ],
  [{ reason: 'turn-full' }, 'the next turn', null],
];

describe('a reason why a job is not running', () => {
  it.each(cases)('%j is a sentence, with what to do about it', (why, sentence, command) => {
    expect(whyText(why, NOW_MS)).toContain(sentence);
    expect(remedy(why, 'd')?.[0] ?? null).toBe(command);
  });
});

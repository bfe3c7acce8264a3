import { expect, it } from 'vitest';
import { KafkaFault } from '../../src/kafka/fault.js';
import { WaitingForBrokers } from '../../src/main/waiting-for-brokers.js';

it('what a process waits for is told at first, then now and then, and when it is over', () => {
  let nowMs = 0;
  const told: object[] = [];
  const waiting = new WaitingForBrokers({ warn: (fields) => void told.push(fields) }, () => nowMs);
  const away = new KafkaFault('kafka-unavailable', 'nobody answers', false);
  const at = { code: 'kafka-unavailable', detail: 'nobody answers' };
  waiting.hear('journal', null);
  for (; nowMs <= 61_000; nowMs += 1_000) waiting.hear('journal', away);
  waiting.hear('publishing', away);
  waiting.hear('journal', null);
  waiting.hear('journal', null);
  expect(told).toEqual([
    { part: 'journal', ...at, ms: 0 },
    { part: 'journal', ...at, ms: 60_000 },
    { part: 'publishing', ...at, ms: 0 },
    { part: 'journal', ms: 62_000 },
  ]);
});

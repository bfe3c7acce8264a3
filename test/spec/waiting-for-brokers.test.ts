import { expect, it } from 'vitest';
import { KafkaFault } from '../../src/kafka/fault.js';
import { WaitingForBrokers } from '../../src/main/kafka/waiting-for-brokers.js';

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

it('a part is out of reach once it was for as long as an input is tried; a shorter wait is none', () => {
  let nowMs = 0;
  const waiting = new WaitingForBrokers(null, () => nowMs);
  const away = new KafkaFault('kafka-unavailable', 'nobody answers', false);
  const outOfReach = (): string | null => waiting.outOfReach('journal');
  expect(outOfReach()).toBeNull();
  waiting.hear('journal', null);
  // A broker that is silent is given up after some seconds: they count.
  nowMs = 3_000;
  waiting.hear('journal', away);
  waiting.hear('publishing', away);
  expect(outOfReach()).toBeNull();
  nowMs = 5_000;
  expect(outOfReach()).toBe('the brokers have been out of reach for 5 s: nobody answers');
  waiting.hear('journal', null);
  expect(outOfReach()).toBeNull();
  for (nowMs = 6_000; nowMs < 60_000; nowMs += 3_000) {
    waiting.hear('journal', away);
    expect(outOfReach()).toBeNull();
    waiting.hear('journal', null);
  }
  // Nothing was asked of it meanwhile, so nothing failed.
  nowMs = 90_000;
  expect(outOfReach()).toBeNull();
});

it('a part that was idle for longer than a request takes is not out of reach at its first fault', () => {
  let nowMs = 0;
  const waiting = new WaitingForBrokers(null, () => nowMs);
  const away = new KafkaFault('kafka-unavailable', 'nobody answers', false);
  waiting.hear('journal', null);
  nowMs = 30_000;
  waiting.hear('journal', away);
  for (; nowMs < 32_000; nowMs++) expect(waiting.outOfReach('journal')).toBeNull();
  expect(waiting.outOfReach('journal')).toBe('the brokers have been out of reach for 5 s: nobody answers');
  waiting.hear('journal', null);
  expect(waiting.outOfReach('journal')).toBeNull();
});

it('a topic of which transactions hold something back is read: what comes before that is taken', () => {
  let nowMs = 0;
  const waiting = new WaitingForBrokers(null, () => nowMs);
  const heldBack = new KafkaFault('kafka-held-back', 'open transactions', false);
  waiting.hear('controls/0', null);
  for (nowMs = 1_000; nowMs < 30_000; nowMs += 500) waiting.hear('controls/0', heldBack);
  expect(waiting.unread('controls')).toBeNull();
  const away = new KafkaFault('kafka-unavailable', 'nobody answers', false);
  for (const endMs = nowMs + 5_000; nowMs < endMs; nowMs += 500) waiting.hear('controls/0', away);
  expect(waiting.unread('controls')).toBe('controls have not been read for 5 s: nobody answers');
});

it('a topic is unread once none of its partitions was read for so long', () => {
  let nowMs = 0;
  const waiting = new WaitingForBrokers(null, () => nowMs);
  const denied = new KafkaFault('kafka-topic-missing', 'there is no such topic', false);
  for (const part of ['submissions/0', 'submissions/1', 'controls/0']) waiting.hear(part, null);
  waiting.hear('submissions/1', denied);
  nowMs = 60_000;
  waiting.hear('submissions/0', denied);
  expect(waiting.unread('submissions')).toBeNull();
  nowMs = 65_000;
  expect(waiting.unread('submissions')).toMatch(/^submissions have not been read for \d s: there is no such topic$/);
  expect(waiting.unread('controls')).toBeNull();
  expect(waiting.unread('callbacks')).toBeNull();
  waiting.hear('submissions/1', null);
  expect(waiting.unread('submissions')).toBeNull();
});

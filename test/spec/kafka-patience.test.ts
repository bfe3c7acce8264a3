import { beforeEach, expect, it } from 'vitest';
import { KafkaFault, type KafkaFaultCode } from '../../src/kafka/fault.js';
import { patiently } from '../../src/kafka/reading/patience.js';

let tries: number;
let heard: KafkaFault[];

beforeEach(() => {
  tries = 0;
  heard = [];
});

function ask(forMs: number, code: KafkaFaultCode, times = Number.POSITIVE_INFINITY): Promise<string> {
  const once = async (): Promise<string> => {
    tries += 1;
    if (tries <= times) throw new KafkaFault(code, 'no', false);
    return 'yes';
  };
  return patiently(once, { forMs, onFault: (fault) => void heard.push(fault) });
}

it('asks again while brokers are out of reach, and tells what it waits for', async () => {
  await expect(ask(60_000, 'kafka-unavailable', 4)).resolves.toBe('yes');
  expect([tries, heard.length]).toEqual([5, 4]);
});

it('asks three times, however long one answer takes, and no more when its time is over', async () => {
  await expect(ask(0, 'kafka-unavailable')).rejects.toMatchObject({ code: 'kafka-unavailable' });
  expect([tries, heard.length]).toEqual([3, 2]);
});

it('asks once where asking again is of no use', async () => {
  await expect(ask(60_000, 'kafka-denied')).rejects.toMatchObject({ code: 'kafka-denied' });
  expect([tries, heard.length]).toEqual([1, 0]);
});

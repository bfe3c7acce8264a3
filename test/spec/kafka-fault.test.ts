/** Errors of the client as errors of ours. */
import dns from 'node:dns';
import { KafkaJSConnectionError, KafkaJSDeleteTopicRecordsError } from 'kafkajs/src/errors.js';
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js';
import { expect, it, onTestFinished, vi } from 'vitest';
import { FabricClient } from '../../src/client/index.js';
import { asKafkaFault } from '../../src/kafka/fault.js';
import { Link } from '../../src/kafka/links/link.js';
import { LIMIT_MS } from '../support/patience.js';
import { freePort } from '../support/ports.js';

it.each([
  [29, 'kafka-denied', 'Topic authorization failed'],
  [44, 'kafka-refused', 'policy'],
  [6, 'kafka-unavailable', 'not the leader'],
])('of records that were not deleted it says why: %i', (code, ours, why) => {
  const partitions = [{ partition: 0, offset: '7', error: createErrorFromCode(code) }];
  const fault = asKafkaFault(new KafkaJSDeleteTopicRecordsError({ partitions }), 'not deleted', false);
  expect(fault).toMatchObject({ code: ours, message: expect.stringContaining(why) });
});

it.each([
  ['Connection timeout', 'not read: Connection timeout (kafka-2:9092)'],
  [
    'Connection error: connect ECONNREFUSED kafka-2:9092',
    'not read: Connection error: connect ECONNREFUSED kafka-2:9092',
  ],
])('of a connection it says to which broker: it may be none of those that were named', (said, message) => {
  const error = new KafkaJSConnectionError(said, { broker: 'kafka-2:9092' });
  expect(asKafkaFault(error, 'not read', false).message).toBe(message);
});

it.each([
  ['Connection error: self-signed certificate', 'kafka-denied'],
  ['Connection error: getaddrinfo ENOTFOUND self-signed.test', 'kafka-unavailable'],
])('what it means is not read from the name of a broker: %s', (said, code) => {
  const error = new KafkaJSConnectionError(said, { broker: 'self-signed.test:9092' });
  expect(asKafkaFault(error, 'not read', false).code).toBe(code);
});

it('of a name with several addresses it says why none of them answers, as the client of a gateway does', async () => {
  const port = await freePort('127.0.0.1');
  const looked = vi.spyOn(dns, 'lookup');
  onTestFinished(() => looked.mockRestore());
  const addresses = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }));
  looked.mockImplementation(((_name: string, _options: object, found: (error: null, all: object[]) => void) =>
    setImmediate(found, null, addresses)) as unknown as typeof dns.lookup);
  // Refused, or on a machine that stands still not in Node's time for one of several addresses.
  const why = new RegExp(`E[A-Z]+ 127.0.0.1:${port}, .*E[A-Z]+ 127.0.0.2:${port}`);

  const link = new Link({ brokers: [`two.test:${port}`], clientId: 'test' }, { requestTimeoutMs: LIMIT_MS });
  await expect(link.partitions('any')).rejects.toThrow(why);
  link.drop();
  const client = new FabricClient({ url: `http://two.test:${port}`, patience: { attempts: 1 } });
  await expect(client.get('x')).rejects.toThrow(why);
  await client.close();
});

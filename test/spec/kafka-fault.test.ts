/** Errors of the client as errors of ours. */
import { KafkaJSDeleteTopicRecordsError } from 'kafkajs/src/errors.js';
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js';
import { expect, it } from 'vitest';
import { asKafkaFault } from '../../src/kafka/fault.js';

it.each([
  [29, 'kafka-denied', 'Topic authorization failed'],
  [44, 'kafka-refused', 'policy'],
  [6, 'kafka-unavailable', 'not the leader'],
])('of records that were not deleted it says why: %i', (code, ours, why) => {
  const partitions = [{ partition: 0, offset: '7', error: createErrorFromCode(code) }];
  const fault = asKafkaFault(new KafkaJSDeleteTopicRecordsError({ partitions }), 'not deleted', false);
  expect(fault).toMatchObject({ code: ours, message: expect.stringContaining(why) });
});

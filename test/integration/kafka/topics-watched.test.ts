/** Settings of topics that are changed while a fabric runs are told. */
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { topicName } from '../../../src/kafka/topics/names.js';
import { watchTopics } from '../../../src/main/kafka/topic-watch.js';
import { makeCellTopics } from '../../support/kafka/cell.js';
import { freshName, needsKafka, sharedKafka } from '../../support/kafka/shared.js';

const { ConfigResourceTypes, Kafka, logLevel } = kafkajs;

beforeEach((context) => needsKafka(context));

it('of the journal: what it would be refused for, once, by who leads, and when it is as it was', async () => {
  const cell = freshName('c');
  await makeCellTopics(sharedKafka(), cell);
  const admin = new Kafka({ brokers: [...sharedKafka().brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  onTestFinished(() => admin.disconnect());
  const keptFor = async (ms: string): Promise<void> => {
    const configEntries = [
      { name: 'retention.ms', value: ms },
      { name: 'message.timestamp.type', value: 'LogAppendTime' },
      { name: 'max.message.bytes', value: '12582912' },
    ];
    const resource = { type: ConfigResourceTypes.TOPIC, name: topicName(cell, 'journal'), configEntries };
    await admin.alterConfigs({ validateOnly: false, resources: [resource] });
  };
  const of = (role: 'leader' | 'standby'): (readonly [object, string])[] => {
    const told: (readonly [object, string])[] = [];
    const log = { warn: (fields: object, message: string) => void told.push([fields, message]) };
    onTestFinished(watchTopics({ role }, sharedKafka(), { cell, log, everyMs: 20 }));
    return told;
  };
  const [leader, standby] = [of('leader'), of('standby')];
  await keptFor('604800000');
  await expect.poll(() => leader.length).toBe(1);
  const problem = `marie.${cell}.journal: retention.ms: 604800000, the journal would lose its beginning`;
  expect(leader[0]).toEqual([expect.objectContaining({ problem }), 'a topic is not as the cell needs it']);
  // Of a topic that is gone nobody knows how it is.
  await admin.deleteTopics({ topics: [topicName(cell, 'callbacks')] });
  await keptFor('-1');
  await sleep(500);
  expect(leader).toHaveLength(1);
  await makeCellTopics(sharedKafka(), cell);
  await expect.poll(() => leader.length).toBe(2);
  expect(leader[1]).toEqual([{}, 'the topics are as the cell needs them again']);
  expect(standby).toEqual([]);
});

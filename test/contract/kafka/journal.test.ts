import { beforeEach } from 'vitest';
import { openKafkaJournal } from '../../../src/journal/kafka/open.js';
import { freshName, makeTopic, needsKafka, sharedKafka } from '../../support/kafka/shared.js';
import { journalContract } from '../journal.js';
import { CELL } from '../journal-support/turns.js';

beforeEach(needsKafka);

journalContract('Kafka', async () => {
  const connection = sharedKafka();
  const topic = freshName('journal');
  await makeTopic(connection, topic, { config: { 'message.timestamp.type': 'LogAppendTime' } });
  return { open: () => openKafkaJournal({ connection, topic, cell: CELL }), remove: async () => undefined };
});

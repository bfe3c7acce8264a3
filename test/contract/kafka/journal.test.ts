import { beforeEach } from 'vitest';
import { openKafkaJournal } from '../../../src/journal/kafka/open.js';
import { deleteRecordsBefore } from '../../../src/kafka/topics/admin.js';
import { freshName, makeTopic, needsKafka, sharedKafka } from '../../support/kafka/shared.js';
import { journalContract } from '../journal.js';
import { CELL } from '../journal-support/turns.js';

beforeEach(needsKafka);

journalContract('Kafka', async () => {
  const connection = sharedKafka();
  const topic = freshName('journal');
  await makeTopic(connection, topic, { config: { 'message.timestamp.type': 'LogAppendTime' } });
  return {
    open: () => openKafkaJournal({ connection, topic, cell: CELL }),
    letGoBefore: (turn) => deleteRecordsBefore(connection, topic, 0, turn - 1),
    remove: async () => undefined,
  };
});

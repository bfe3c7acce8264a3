/** The contract suite of the journal on the other client. */
import { inject } from 'vitest';
import { journalContract } from '../../../test/contract/journal.ts';
import { CELL } from '../../../test/contract/journal-support/turns.ts';
import { freshName, makeTopic } from '../../../test/support/kafka/shared.ts';
import { openOtherJournal } from './client.mjs';

journalContract('@platformatic/kafka', async () => {
  const connection = { brokers: inject('kafka').addresses, clientId: 'marie-other' };
  const topic = freshName('journal');
  await makeTopic(connection, topic, { config: { 'message.timestamp.type': 'LogAppendTime' } });
  return { open: () => openOtherJournal({ connection, topic, cell: CELL }), remove: async () => undefined };
});

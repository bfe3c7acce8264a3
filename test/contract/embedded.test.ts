import { EmbeddedInbox } from '../../src/inbox/embedded.js';
import { EmbeddedOutbox } from '../../src/outbox/embedded.js';
import { answer } from '../../src/scheduler/answer.js';
import { inboxContract } from './inbox.js';
import { outboxContract, type Told } from './outbox.js';

inboxContract('embedded', async () => {
  const inbox = new EmbeddedInbox();
  inbox.open();
  return {
    inbox,
    source: inbox,
    accept: ({ turn, atMs, entries }, taken) => answer(taken, entries, turn, atMs),
  };
});

outboxContract('embedded', async (published) => {
  const outbox = new EmbeddedOutbox(published);
  const told: Told[] = [];
  outbox.subscribe(({ turn, entries }) => {
    for (const [index, { body }] of entries.entries()) {
      told.push({ turn, index, key: String((body as { token: number }).token) });
    }
  });
  return { publisher: outbox, told: async () => told };
});

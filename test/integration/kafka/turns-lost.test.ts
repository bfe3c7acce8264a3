/** A journal that loses its last turn while processes work with it: brokers that lose power, an unclean election, a copy. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openKafkaJournal } from '../../../src/journal/kafka/open.js';
import type { JournalRecord, SharedJournal } from '../../../src/journal/port.js';
import type { KafkaConnection } from '../../../src/kafka/links/connection.js';
import { PartitionWriter } from '../../../src/kafka/writing/partition-writer.js';
import { appendTurns, CELL, turnAfter } from '../../contract/journal-support/turns.js';
import { deleteTopic } from '../../support/kafka/delete-topic.js';
import type { KafkaProxy } from '../../support/kafka/proxy.js';
import { freshName, makeTopic, needsKafka, proxiedKafka, sharedKafka } from '../../support/kafka/shared.js';
import { PATIENT_MS } from '../../support/patience.js';

const AHEAD = { code: 'journal-ahead' };
let topic: string;
let proxy: KafkaProxy;
let connection: KafkaConnection;
const opened: SharedJournal[] = [];

beforeEach(async (context) => {
  needsKafka(context);
  topic = freshName('journal');
  await made();
  ({ proxy, connection } = await proxiedKafka());
  return () => proxy.close();
});
afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close();
});

function made(): Promise<void> {
  return makeTopic(sharedKafka(), topic, { config: { 'message.timestamp.type': 'LogAppendTime' } });
}

async function open(by: KafkaConnection, covered?: JournalRecord): Promise<SharedJournal> {
  const where = { connection: by, topic, cell: CELL, appendTimeoutMs: PATIENT_MS };
  const journal = await openKafkaJournal(covered === undefined ? where : { ...where, covered });
  opened.push(journal);
  return journal;
}

/** The topic has these turns from now on, and no others. */
async function putBack(records: readonly JournalRecord[]): Promise<void> {
  await deleteTopic(topic);
  await made();
  const writer = new PartitionWriter(sharedKafka(), topic, 0, PATIENT_MS);
  for (const { bytes } of records) await writer.write([{ key: null, value: bytes, headers: {} }]);
  writer.close();
}

/** A standby who has not heard of the last turn leads, while nobody else reaches the brokers. */
async function otherLeads(records: readonly JournalRecord[], turns: number): Promise<void> {
  proxy.isUp = false;
  await putBack(records.slice(0, -1));
  const other = await open(sharedKafka());
  const elected = turnAfter(other.head(), { epoch: 2 });
  await other.append(elected.bytes, elected.hash);
  await appendTurns(
    other,
    Array.from({ length: turns - 1 }, () => 10),
  );
  proxy.isUp = true;
}

it('a leader does not lead on where its turn comes to stand in the place of the one before', async () => {
  const leader = await open(sharedKafka());
  const records = await appendTurns(leader, [10, 10, 10]);
  await putBack(records.slice(0, -1));
  await expect(appendTurns(leader, [10])).rejects.toMatchObject(AHEAD);
});

it.each([1, 2])(
  'a leader does not lead on where another has made %i turns in the place of its last one',
  async (turns) => {
    const leader = await open(connection);
    const records = await appendTurns(leader, [10, 10, 10]);
    proxy.isUp = false;
    const append = expect(appendTurns(leader, [10])).rejects.toMatchObject(AHEAD);
    await otherLeads(records, turns);
    await append;
  },
);

it.each([1, 2])(
  'a standby does not follow a leader who has made %i turns in the place of the last that it read',
  async (turns) => {
    const standby = await open(connection);
    const records = await appendTurns(await open(sharedKafka()), [10, 10, 10]);
    while ((await standby.follow(0)).records.length === 0) {
      // Until it has read them.
    }
    expect(standby.head().turn).toBe(3);
    proxy.isUp = false;
    await expect(standby.follow(0)).rejects.toMatchObject({ code: 'kafka-unavailable' });
    await otherLeads(records, turns);
    await expect(standby.follow(0)).rejects.toMatchObject(AHEAD);
  },
);

it('a standby that has read no turn but that of its store does not follow one who has made another of it', async () => {
  const records = await appendTurns(await open(sharedKafka()), [10, 10, 10]);
  const standby = await open(connection, records.at(-1));
  proxy.isUp = false;
  await expect(standby.follow(0)).rejects.toMatchObject({ code: 'kafka-unavailable' });
  await otherLeads(records, 1);
  await expect(standby.follow(0)).rejects.toMatchObject(AHEAD);
});

/** A foreign record in a journal's topic: what is right before it is read, and the cell comes back without it. */
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openKafkaJournal } from '../../../src/journal/kafka/open.js';
import { openKafkaReader } from '../../../src/journal/kafka/reader.js';
import { readTo } from '../../../src/journal/port.js';
import { topicName } from '../../../src/kafka/topics/names.js';
import { PartitionWriter } from '../../../src/kafka/writing/partition-writer.js';
import { appendTurns, CELL } from '../../contract/journal-support/turns.js';
import { temporaryFolder } from '../../support/fabric/fabric.js';
import { compiled, Program } from '../../support/fabric/program.js';
import { startCell } from '../../support/kafka/cell.js';
import { deleteTopic } from '../../support/kafka/delete-topic.js';
import { freshName, makeTopic, needsKafka, sharedKafka } from '../../support/kafka/shared.js';
import { PATIENT_MS } from '../../support/patience.js';

beforeEach((context) => needsKafka(context));

/** Writes what no fabric has written, and gives its offset. */
async function writeForeign(topic: string, value: Uint8Array | null): Promise<number> {
  const writer = new PartitionWriter(sharedKafka(), topic, 0, PATIENT_MS);
  const { offset } = await writer.write([{ key: null, value, headers: {} }]);
  writer.close();
  return offset;
}

describe('reading', () => {
  it.each([
    ['a tombstone', null, 'journal-damaged', /^the journal is damaged at turn 4 \(\S+, offset 3\): .*tombstone/],
    ['no bytes', Buffer.alloc(0), 'journal-damaged', /^the journal is damaged at turn 4 \(\S+, offset 3\): /],
    ['other bytes', Buffer.from('garbage'), 'unknown-version', /, offset 3\)/],
  ])('gives the turns before %s, and says where that is', async (_what, value, code, message) => {
    const topic = freshName('journal');
    await makeTopic(sharedKafka(), topic, { config: { 'message.timestamp.type': 'LogAppendTime' } });
    const where = { connection: sharedKafka(), topic, cell: CELL, place: topic };
    const journal = await openKafkaJournal(where);
    await appendTurns(journal, [10, 10, 10]);
    await writeForeign(topic, value);

    const turns: number[] = [];
    const reader = await openKafkaReader(where);
    const whole = async (): Promise<void> => {
      for await (const { turn } of reader.read(1)) turns.push(turn);
    };
    await expect(whole()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(turns).toEqual([1, 2, 3]);
    for await (const { turn } of readTo(reader, 2, 3)) turns.push(turn);
    expect(turns).toEqual([1, 2, 3, 2, 3]);
    await expect(journal.follow(0)).rejects.toMatchObject({ code });
    await journal.close();
  });
});

/** A command that ends by itself. */
async function marie(...words: string[]): Promise<{ readonly code: number | null; readonly said: string }> {
  const program = Program.start([compiled('src/cli/main.js'), ...words]);
  const { code } = await program.exited;
  return { code, said: program.said };
}

describe('a cell whose journal topic has a foreign record', () => {
  it('is exported up to it, its topic made anew, and goes on with every turn', async () => {
    const cell = await startCell();
    const fabric = await cell.start();
    const client = fabric.client();
    const { dagId } = await client.submit({ jobs: [{ id: 'only', kind: 'noop' }] });
    await client.wait(dagId);
    const topic = topicName(cell.name, 'journal');
    const damagedAt = await writeForeign(topic, null);
    expect(await fabric.program.exited).toMatchObject({ code: 5 });
    const place = `kafka://${sharedKafka().brokers.join(',')}/${cell.name}`;
    const folder = temporaryFolder();
    const good = join(folder, 'good');
    const last = damagedAt;

    const verified = await marie('replay', 'verify', place);
    expect(verified).toMatchObject({ code: 5 });
    expect(verified.said).toContain(`damaged at turn ${last + 1} (${topic}, offset ${damagedAt}): `);
    expect(verified.said).toContain(`next: marie export ${place} good --to ${last}  (`);

    const repair = await marie('journal', 'repair', place, '--dry-run');
    expect(repair.code).toBe(2);
    expect(repair.said).toContain('error journal-on-kafka: ');
    expect(repair.said).toMatch(/marie export .*marie journal import/);

    for (const line of [
      ['replay', 'verify', place, '--to', String(last)],
      ['replay', 'state', place, '--at', String(last)],
      ['journal', 'cat', place, '--from', '1', '--to', String(last)],
      ['snapshot', 'create', place, '--at', String(last), '--snapshots', join(folder, 'snapshots')],
      ['export', place, good, '--to', String(last)],
      ['replay', 'verify', good],
    ]) {
      expect(await marie(...line), line.join(' ')).toMatchObject({ code: 0 });
    }

    await deleteTopic(topic);
    const [broker = ''] = sharedKafka().brokers;
    const init = ['kafka', 'init', '--kafka', broker, '--cell', cell.name, '--dev', '--partitions', '2'];
    expect(await marie(...init)).toMatchObject({ code: 0 });
    expect(await marie('journal', 'import', good, place)).toMatchObject({ code: 0 });
    expect(await marie('replay', 'verify', place)).toMatchObject({ code: 0 });

    const again = await cell.start(fabric.data);
    expect(await again.client().get(dagId)).toMatchObject({ state: 'succeeded' });
    const { dagId: second } = await again.client().submit({ jobs: [{ id: 'only', kind: 'noop' }] });
    expect(await again.client().wait(second)).toMatchObject({ state: 'succeeded' });
    await again.stop();
  });
});

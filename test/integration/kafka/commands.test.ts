/** The commands that need brokers, their examples as they are written but for the brokers' address and the cell. */
import kafkajs from 'kafkajs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { commandsOf } from '../../../src/cli/spec.js';
import { TREE } from '../../../src/cli/tree.js';
import { topicName } from '../../../src/kafka/topics/names.js';
import { wishesOf } from '../../../src/kafka/topics/topic-plan.js';
import { PartitionWriter } from '../../../src/kafka/writing/partition-writer.js';
import { problemsBySchema } from '../../support/closed-schema.js';
import { temporaryFolder } from '../../support/fabric/fabric.js';
import { compiled, Program } from '../../support/fabric/program.js';
import { freshName, makeTopic, needsKafka, proxiedKafka, sharedKafka } from '../../support/kafka/shared.js';
import { PATIENT, PATIENT_MS } from '../../support/patience.js';

beforeEach((context) => needsKafka(context));

const EXAMPLES = commandsOf(TREE).flatMap(({ spec }) =>
  spec.examples.filter(({ line }) => line.includes('--kafka')).map(({ line }) => [line, spec.output] as const),
);

function marie(line: string, cell: string): Program {
  const [broker = ''] = sharedKafka().brokers;
  const words = line.replace('127.0.0.1:9092', broker).split(' ').slice(1);
  return Program.start([compiled('src/cli/main.js'), ...words, '--cell', cell, '--json']);
}

async function init(cell: string, options = '--dev') {
  const program = marie(`marie kafka init --kafka 127.0.0.1:9092 ${options}`, cell);
  const answer = JSON.parse(await program.line()) as { topics: { name: string; action: string; problems: string[] }[] };
  return { answer, code: (await program.exited).code, said: program.said };
}

/** Gives a topic of a cell another setting. What is not named is put back to what the brokers have, so all are. */
async function alter(cell: string, name: string, setting: string, value: string): Promise<void> {
  const options = { cell, partitions: 1, replicas: 1, retentionMs: -1, isDev: true };
  const { settings } = wishesOf(options).find((wish) => wish.name === name)!;
  const configEntries = Object.entries({ ...settings, [setting]: value }).map((entry) => ({
    name: entry[0],
    value: entry[1],
  }));
  const kafka = new kafkajs.Kafka({ brokers: [...sharedKafka().brokers], logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const type = kafkajs.ConfigResourceTypes.TOPIC;
  await admin.alterConfigs({ validateOnly: false, resources: [{ type, name, configEntries }] });
  await admin.disconnect();
}

describe('examples', () => {
  it.each(EXAMPLES)('%s', async (line, output) => {
    const cell = freshName('c');
    const isUp = line.startsWith('marie up');
    if (isUp) await init(cell);
    const program = marie(isUp ? `${line} --port 0 --data ${temporaryFolder()}` : line, cell);
    expect(problemsBySchema(output, JSON.parse(await program.line()))).toEqual([]);
    expect((isUp ? await program.end('SIGTERM') : await program.exited).code).toBe(0);
  });
});

describe('marie kafka init', () => {
  it('makes the topics once, says so beforehand, and finds them afterwards', async () => {
    const cell = freshName('c');
    const actions = async (options?: string) => (await init(cell, options)).answer.topics.map(({ action }) => action);
    expect(new Set(await actions('--dev --dry-run'))).toEqual(new Set(['create']));
    expect(new Set(await actions())).toEqual(new Set(['create']));
    expect(new Set(await actions())).toEqual(new Set(['keep']));
  });

  it('refuses topics that are not safe, and makes none', async () => {
    const cell = freshName('c');
    await makeTopic(sharedKafka(), `marie.${cell}.journal`, { partitions: 2, config: { 'retention.ms': '1000000' } });
    const { answer, code, said } = await init(cell);
    expect(code).toBe(4);
    expect(said).toContain('kafka-unsafe');
    expect(answer.topics[0]).toMatchObject({ action: 'refuse' });
    expect(answer.topics[0]?.problems.join()).toMatch(/partitions: 2.*retention.ms: 1000000.*CreateTime/);
    expect((await init(cell, '--replicas 2')).answer.topics[1]?.problems.join()).toContain('replicas: 2');
  });

  it('says what is wrong with a topic that the brokers do not make', async () => {
    const program = marie('marie kafka init --kafka 127.0.0.1:9092 --dev --replicas 2', freshName('c'));
    expect((await program.exited).code).not.toBe(0);
    expect(program.said).toMatch(/marie\.c-\w+\.journal: Replication-factor is invalid/);
    expect(program.said).toContain('kafka-refused');
  });

  it('adds partitions where keys allow, and a fabric that runs reads them', async () => {
    const cell = freshName('c');
    await init(cell, '--dev --partitions 1');
    const up = marie(`marie up --kafka 127.0.0.1:9092 --port 0 --data ${temporaryFolder()}`, cell);
    const { url } = JSON.parse(await up.line()) as { url: string };
    // The leader has said that it leads: a projection has records, whose keys have their places.
    const listed = async () => ((await (await fetch(`${url}/v1/dags`)).json()) as { dags: unknown[] }).dags;
    const grow = '--dev --partitions 2';
    const refused = await vi.waitFor(async () => {
      const tried = await init(cell, `${grow} --dry-run`);
      expect(tried.code).toBe(4);
      return tried;
    }, PATIENT);
    expect(refused.said).toContain('kafka-unsafe');
    const lifecycle = refused.answer.topics.find(({ name }) => name.endsWith('.lifecycle'));
    expect(lifecycle?.problems.join()).toContain('the keys of records that are there would move');
    const grown = await init(cell, `${grow} --move-keys`);
    expect([grown.code, grown.answer.topics[1]]).toMatchObject([0, { action: 'grow', partitionsFound: 1 }]);

    const writer = new PartitionWriter(sharedKafka(), topicName(cell, 'submissions'), 1, PATIENT_MS);
    const value = Buffer.from(JSON.stringify({ jobs: [{ id: 'a', kind: 'noop' }] }));
    await writer.write([{ key: null, value, headers: { 'content-type': 'application/json' } }]);
    writer.drop();
    await vi.waitFor(async () => expect(await listed()).toHaveLength(1), PATIENT);
    expect((await up.end('SIGTERM')).code).toBe(0);
  });

  it('a fabric waits at its start for brokers that are on their way, and says so', async () => {
    const cell = freshName('c');
    await init(cell);
    const { proxy, connection } = await proxiedKafka();
    proxy.isUp = false;
    const words = `up --kafka ${connection.brokers[0]} --port 0 --data ${temporaryFolder()} --cell ${cell} --json`;
    const up = Program.start([compiled('src/cli/main.js'), ...words.split(' ')]);
    await up.saying('"part":"start","code":"kafka-unavailable"');
    proxy.isUp = true;
    expect(JSON.parse(await up.line())).toMatchObject({ url: expect.any(String) });
    expect((await up.end('SIGTERM')).code).toBe(0);
    await proxy.close();
  });

  it.each([
    ['cleanup.policy', 'compact', 'records would be dropped'],
    ['retention.ms', '604800000', 'the journal would lose its beginning'],
    ['max.message.bytes', '1048588', 'large records would not be taken: set it to 12582912'],
  ])('refuses a journal with %s=%s, which would lose turns, or not take all of them', async (name, value, why) => {
    const cell = freshName('c');
    await init(cell);
    const journal = topicName(cell, 'journal');
    await alter(cell, journal, name, value);
    const up = marie(`marie up --kafka 127.0.0.1:9092 --port 0 --data ${temporaryFolder()}`, cell);
    expect((await up.exited).code).not.toBe(0);
    expect(up.said).toContain('kafka-unsafe');
    expect(up.said).toContain(`${journal}: ${name}: ${value}, ${why}`);
  });

  it('says that there are no topics, and no brokers', async () => {
    const program = marie(`marie up --kafka 127.0.0.1:9092 --port 0 --data ${temporaryFolder()}`, freshName('c'));
    expect((await program.exited).code).not.toBe(0);
    expect(program.said).toContain('kafka-topic-missing');
    const nobody = Program.start([
      compiled('src/cli/main.js'),
      'kafka',
      'init',
      '--kafka',
      '127.0.0.1:1',
      '--dev',
      '--json',
    ]);
    expect((await nobody.exited).code).not.toBe(0);
    expect(nobody.said).toContain('kafka-unavailable');
  });
});

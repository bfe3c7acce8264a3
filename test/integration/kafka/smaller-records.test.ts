/** Topics that were set to take smaller records than they should, while a fabric runs. */

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FabricClient, type Submission } from '../../../src/client/index.js';
import { type Cell, type CellProcess, startCell } from '../../support/kafka/cell.js';
import { header, recordsOfTopic } from '../../support/kafka/check-topics.js';
import { limitRecords } from '../../support/kafka/limit-records.js';
import { needsKafka } from '../../support/kafka/shared.js';

const INPUT_BYTES = 200_000;
const EVENTS_BYTES = 1500;

let cell: Cell;
let fabric: CellProcess;
let client: FabricClient;

beforeEach(async (context) => {
  needsKafka(context);
  cell = await startCell();
  fabric = await cell.start();
  client = new FabricClient({ url: fabric.url });
});

afterEach(() => client?.close());

/** The code with which the process ends; submits until then, as a broker hears of a new limit a little later. */
async function endOf(dag: Submission): Promise<number | null> {
  for (;;) {
    client.submit(dag).catch(() => undefined);
    const end = await Promise.race([fabric.program.exited, sleep(500)]);
    if (end !== undefined) return end.code;
  }
}

const dagOf = (bytes: number) => ({
  jobs: [{ id: 'a', kind: 'noop' as const, inputs: { text: { value: 'x'.repeat(bytes) } } }],
});
const manyJobs = { jobs: Array.from({ length: 50 }, (_, i) => ({ id: `job-${i}`, kind: 'noop' as const })) };

it('inputs: what has room is written, however many there are at once, and what has none is refused for good', async () => {
  await limitRecords(cell.name, 'submissions', INPUT_BYTES);
  const large = (): Promise<unknown> =>
    client.submit(dagOf(2 * INPUT_BYTES)).catch(({ code, status }) => [code, status]);
  await expect.poll(large).toEqual(['payload-too-large', 413]);
  const dags = Array.from({ length: 20 }, () => dagOf(INPUT_BYTES / 4));
  const outcomes = await client.submitMany(dags);
  expect(outcomes.filter((outcome) => 'dagId' in outcome)).toHaveLength(dags.length);
  await fabric.stop();
});

it('events: they are written in smaller batches; what has no room alone ends the process, which says why', async () => {
  await limitRecords(cell.name, 'lifecycle', EVENTS_BYTES);
  const { dagId } = await client.submit(manyJobs);
  await client.wait(dagId);
  const told = async (): Promise<number> => {
    const records = (await recordsOfTopic(`marie.${cell.name}.lifecycle`)).flat();
    return records.filter((one) => header(one, 'dag-id') === dagId && header(one, 'schema') === 'JobSucceeded@1')
      .length;
  };
  await expect.poll(told).toBe(manyJobs.jobs.length);

  await limitRecords(cell.name, 'lifecycle', 50);
  expect(await endOf(dagOf(1))).toBe(1);
  expect(fabric.program.said).toContain(`"kafka-unsafe"`);
  expect(fabric.program.said).toMatch(
    /marie\.\S+\.lifecycle\/\d could not be written.*max\.message\.bytes to 12582912/,
  );
});

it('a turn of the journal that has no room ends the process, which says why', async () => {
  await limitRecords(cell.name, 'journal', 1000);
  expect(await endOf(manyJobs)).toBe(1);
  expect(fabric.program.said).toMatch(/"kafka-unsafe".*\.journal\/0 could not be written.*max\.message\.bytes/);
});

it('a setting of the configuration that has no room ends the process, which says why', async () => {
  await fabric.stop();
  await limitRecords(cell.name, 'controls', 50);
  const { program } = await cell.launch(fabric.data, {}, ['--policy', 'edf@1']);
  expect(await program.exited).toMatchObject({ code: 1 });
  expect(program.said).toMatch(/"kafka-unsafe".*\.controls\/0 could not be written.*max\.message\.bytes to 12582912/);
});

/** Answers reach the fabric as they were given, and outputs are printed as they are. */
import { expect, it } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import { marie, startFabricHere } from './setup.js';

/** More digits than a double keeps. */
const NUMBER = '12345678901234567890';

/** A job that runs only if the answer to the one before it is exactly that number. */
const DAG = `{"id":"ask","jobs":[{"id":"ok","kind":"signal"},
  {"id":"then","kind":"noop","after":["ok"],"when":{"job":"ok","at":"/n","op":"eq","value":${NUMBER}}}]}`;

it('keeps all digits of a number', async () => {
  const { url } = await startFabricHere();
  const client = new FabricClient({ url });
  await client.submitText(DAG);
  const { code, stderr } = await marie(['signal', 'ask', 'ok', `{"n": ${NUMBER}}`, '--url', url]);
  expect(code, stderr).toBe(0);
  const output = await fetch(`${url}/v1/dags/ask/jobs/ok/output`);
  expect(await output.text()).toBe(`{"n": ${NUMBER}}`);
  expect(await client.job('ask', 'then')).toMatchObject({ state: 'succeeded' });
  const print = async (...more: string[]) => (await marie([...more, '--url', url])).stdout;
  expect(await print('output', 'ask', 'ok')).toBe(`{\n  "n": ${NUMBER}\n}\n`);
  expect(await print('output', 'ask', 'ok', '--json')).toBe(`{"dagId":"ask","job":"ok","output":{"n":${NUMBER}}}\n`);
  expect(await print('wait', 'ask', '--output', 'ok')).toBe(`{\n  "n": ${NUMBER}\n}\n`);
  expect(await print('wait', 'ask', '--output', 'ok', '--json')).toContain(`,"output":{"n":${NUMBER}}}\n`);
});

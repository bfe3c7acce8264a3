/** Brokers that let in only who proves who they are, over TLS. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import type { Submission } from '../../../src/client/index.js';
import { Link } from '../../../src/kafka/links/link.js';
import { configSchema } from '../../../src/main/config/config.js';
import { connectionOf } from '../../../src/main/config/connection.js';
import { compiled, Program } from '../../support/fabric/program.js';
import { type Cell, startCell } from '../../support/kafka/cell.js';
import { bearerToken, keyPair, PLAIN_USER } from '../../support/kafka/guarded.js';
import { changeUser } from '../../support/kafka/python.js';
import { freshName, needsKafka, sharedKafka } from '../../support/kafka/shared.js';
import { PATIENT } from '../../support/patience.js';

beforeEach((context) => {
  needsKafka(context);
  vi.stubEnv('MARIE_LOG_LEVEL', 'trace');
});

afterEach(() => vi.unstubAllEnvs());

const SECRET = 'a-secret-that-nobody-prints';
const WRONG = 'a-wrong-secret-that-nobody-prints';
const DAG: Submission = { jobs: [{ id: 'a', kind: 'noop' }] };

/** Where guests come in, and whom they trust. */
function guarded(): { readonly brokers: string[]; readonly tls: { readonly ca: string } } {
  const shared = inject('kafka');
  if ('missing' in shared) throw new Error(shared.missing);
  const { port, keys } = shared.guarded;
  return { brokers: [`127.0.0.1:${port}`], tls: { ca: keys.certificate } };
}

function secretFile(cell: Cell, secret: string): { readonly file: string } {
  const file = join(cell.folder, freshName('secret'));
  writeFileSync(file, `${secret}\n`);
  return { file };
}

/** Makes a user, and waits until the broker knows it: the controller has answered before. */
async function makeUser(username: string): Promise<void> {
  await changeUser(sharedKafka().brokers.join(','), 'put', username, SECRET);
  const { brokers, tls } = guarded();
  for (const mechanism of ['scram-sha-256', 'scram-sha-512'] as const) {
    const credentials = { mechanism, username, password: SECRET };
    const connection = { brokers, clientId: 'marie-test', tls: { ca: readFileSync(tls.ca, 'utf8') }, credentials };
    const isLetIn = async (): Promise<void> => {
      const link = new Link(connection, { requestTimeoutMs: 5000 });
      try {
        await expect(link.partitions('none')).rejects.toMatchObject({ code: 'kafka-topic-missing' });
      } finally {
        link.drop();
      }
    };
    await vi.waitFor(isLetIn, PATIENT);
  }
}

function scram(cell: Cell, username: string, secret = SECRET, mechanism = 'scram-sha-256') {
  return { ...guarded(), sasl: { mechanism, username, password: secretFile(cell, secret) } };
}

/** Nothing that a program says has a secret in it, at any level of its log. */
function expectNoSecrets(...programs: readonly Program[]): void {
  for (const { said } of programs) {
    for (const secret of [SECRET, WRONG, PLAIN_USER.password, 'eyJ']) expect(said).not.toContain(secret);
  }
}

/** Waits for the end of a process that was not let in: what it says, as JSON, and its code. */
async function refusal(program: Program): Promise<{ readonly code: number | null; readonly error: { code: string } }> {
  const { code } = await program.exited;
  const line = program.said.split('\n').find((text) => text.startsWith('{"error"')) ?? `{"said":${program.said}}`;
  return { code, ...JSON.parse(line) };
}

describe('each way to prove who one is', () => {
  it.each(['plain', 'scram-sha-512', 'oauthbearer'])('%s', async (mechanism) => {
    const cell = await startCell();
    const user = freshName('user');
    let sasl: object;
    if (mechanism === 'plain') {
      sasl = { mechanism, username: PLAIN_USER.username, password: { env: 'MARIE_TEST_SECRET' } };
    } else if (mechanism === 'oauthbearer') {
      sasl = { mechanism, token: secretFile(cell, bearerToken(user, Date.now())) };
    } else {
      await makeUser(user);
      sasl = { mechanism, username: user, password: secretFile(cell, SECRET) };
    }
    const config = join(cell.folder, 'kafka.json');
    writeFileSync(config, JSON.stringify({ cell: cell.name, kafka: { ...guarded(), sasl } }));
    const env = { MARIE_TEST_SECRET: PLAIN_USER.password };
    const marie = (...words: readonly string[]) =>
      Program.start([compiled('src/cli/main.js'), ...words, '--json'], env);
    const init = marie('kafka', 'init', '--config', config, '--dev');
    const cat = marie('journal', 'cat', `kafka:///?config=${config}`);
    expect([(await init.exited).code, init.said]).toEqual([0, expect.stringContaining('"keep"')]);
    expect([(await cat.exited).code, cat.said]).toEqual([0, '']);
    expectNoSecrets(init, cat);
  });
});

it('a cell that is guarded by SCRAM goes on while it proves who it is again; revoked, a process ends and another leads', async () => {
  const cell = await startCell();
  const [first, second] = [freshName('user'), freshName('user')];
  await makeUser(first);
  await makeUser(second);
  const leader = await cell.start(undefined, scram(cell, first));
  const standby = await cell.start(undefined, scram(cell, second));
  const client = standby.client();
  await client.wait((await client.submit(DAG)).dagId);
  const { epoch } = await client.operations.cell();

  await changeUser(sharedKafka().brokers.join(','), 'remove', first);
  const { code, error } = await refusal(leader.program);
  expect([code, error.code]).toEqual([1, 'kafka-denied']);
  // The other one leads by now, and answers.
  expect(await client.wait((await client.submit(DAG)).dagId)).toMatchObject({ state: 'succeeded' });
  expect((await client.operations.cell()).epoch).toBeGreaterThan(epoch);
  await standby.stop();
  expectNoSecrets(leader.program, standby.program);
});

it('a process that is not let in says so at once and ends', async () => {
  const cell = await startCell();
  const user = freshName('user');
  await makeUser(user);
  const { certificate: ca } = await keyPair('somebody else');
  const wrong = {
    'a wrong secret': scram(cell, user, WRONG),
    'nobody of that name': scram(cell, freshName('nobody')),
    'a broker that it does not trust': { ...scram(cell, user), tls: { ca } },
  };
  for (const [what, own] of Object.entries(wrong)) {
    const { program } = await cell.launch(join(cell.folder, what), own);
    const { code, error } = await refusal(program);
    expect([what, code, error.code]).toEqual([what, 1, 'kafka-denied']);
    expectNoSecrets(program);
  }
});

it('a certificate and a password that are renewed count from the next connection on', async () => {
  const { folder } = await startCell();
  const username = freshName('user');
  await makeUser(username);
  const { brokers, tls } = guarded();
  const [ca, secret] = [join(folder, 'ca.pem'), join(folder, 'secret')];
  copyFileSync((await keyPair('somebody else')).certificate, ca);
  writeFileSync(secret, WRONG);
  const sasl = { mechanism: 'scram-sha-256', username, password: { file: secret } };
  const { kafka } = configSchema.parse({ kafka: { brokers, tls: { ca }, sasl } });
  const connection = connectionOf(kafka!);
  const answered = (code: string, message: RegExp) =>
    vi.waitFor(async () => {
      const link = new Link(connection, { requestTimeoutMs: 5000 });
      const asked = expect(link.partitions('none'));
      await asked.rejects.toMatchObject({ code, message: expect.stringMatching(message) });
      link.drop();
    }, PATIENT);
  await answered('kafka-denied', /certificate/);
  copyFileSync(tls.ca, ca);
  await answered('kafka-denied', /SCRAM/i);
  writeFileSync(secret, SECRET);
  await answered('kafka-topic-missing', /none/);
});

it('a leader sits out that its password is just being written again, when it is to prove once more who it is', async () => {
  const cell = await startCell();
  const user = freshName('user');
  await makeUser(user);
  const own = scram(cell, user);
  const leader = await cell.start(undefined, own);
  const client = leader.client();
  await client.wait((await client.submit(DAG)).dagId);
  writeFileSync(own.sasl.password.file, '');
  await vi.waitFor(() => expect(leader.program.said).toContain('it is empty'), PATIENT);
  writeFileSync(own.sasl.password.file, SECRET);
  expect(await client.wait((await client.submit(DAG)).dagId)).toMatchObject({ state: 'succeeded' });
  expect(await leader.stop()).toEqual({ code: 0, signal: null });
  expectNoSecrets(leader.program);
});

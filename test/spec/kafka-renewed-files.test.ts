/** Certificates, keys and passwords of brokers that are renewed while connections are made. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuthenticationProviderArgs } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asKafkaFault, type KafkaFault } from '../../src/kafka/fault.js';
import { saslOf } from '../../src/kafka/links/credentials.js';
import { Link } from '../../src/kafka/links/link.js';
import { configSchema } from '../../src/main/config/config.js';
import { connectionOf } from '../../src/main/config/connection.js';
import { CERT, KEY } from '../support/certificate.js';
import { LIMIT_MS } from '../support/patience.js';

/** Of another certificate. */
const OTHER_KEY = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'renewed-'));
  for (const [name, text] of Object.entries({ ca: CERT, cert: CERT, key: KEY, password: 'secret' })) put(name, text);
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = (name: string) => join(folder, name);
const put = (name: string, text: string) => writeFileSync(path(name), text);

function connectionTo(mechanism: 'plain' | 'scram-sha-256' = 'plain') {
  const sasl = { mechanism, username: 'marie', password: { file: path('password') } };
  const tls = { ca: path('ca'), cert: path('cert'), key: path('key') };
  return connectionOf(configSchema.parse({ kafka: { brokers: ['127.0.0.1:1'], tls, sasl } }).kafka!);
}

const half = (text: string) => text.slice(0, text.length / 2);

const BROKEN: readonly (readonly [string, () => void, RegExp])[] = [
  ['a key of another certificate', () => put('key', OTHER_KEY), /key values mismatch/],
  ['half a certificate', () => put('cert', half(CERT)), /kafka.tls.cert.*not a whole PEM file/],
  ['an empty key', () => put('key', ''), /kafka.tls.key.*not a whole PEM file/],
  ['authorities of which the last is cut off', () => put('ca', CERT + half(CERT)), /kafka.tls.ca.*not a whole PEM/],
  ['no authorities', () => rmSync(path('ca')), /kafka.tls.ca.*there is no such file/],
];
const EMPTY: (typeof BROKEN)[number] = ['an empty password', () => put('password', '\n'), /password.file.*it is empty/];

it.each([...BROKEN, EMPTY])('at the start %s is a fault of the configuration', (_, broken, says) => {
  broken();
  expect(() => connectionTo()).toThrow(
    expect.objectContaining({ name: 'ConfigError', message: expect.stringMatching(says) }),
  );
});

describe('later it is waited for, as nobody was refused anything yet:', () => {
  it.each(BROKEN)('%s', async (_, broken, says) => {
    const link = new Link(connectionTo(), { requestTimeoutMs: LIMIT_MS });
    broken();
    const fault: KafkaFault = await link.partitions('any').catch((error) => error);
    link.drop();
    expect(fault.isPassing).toBe(true);
    expect(fault.message).toMatch(says);
  });

  it.each(['plain', 'scram-sha-256'] as const)('an empty password of %s', async (mechanism) => {
    const sasl = saslOf(connectionTo(mechanism).credentials)!;
    const [, broken, says] = EMPTY;
    broken();
    const args = { saslAuthenticate: async () => expect.fail('a broker was asked') } as unknown;
    const proved = async () => sasl.authenticationProvider(args as AuthenticationProviderArgs).authenticate();
    const fault = await proved().catch((error: unknown) => asKafkaFault(error, 'not let in', false));
    expect(fault).toMatchObject({ isPassing: true, message: expect.stringMatching(says) });
  });
});

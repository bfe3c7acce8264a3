import { readFileSync } from 'node:fs';
import type { KafkaConnection } from '../kafka/connection.js';
import type { KafkaCredentials } from '../kafka/credentials.js';
import { ConfigError, type KafkaConfig } from './config.js';
import { unreadable } from './unreadable.js';

/** How brokers are reached, with the files and secrets that the configuration names. Throws `ConfigError`. */
export function connectionOf({ brokers, clientId, tls, sasl }: KafkaConfig): KafkaConnection {
  const file = (field: 'ca' | 'cert' | 'key'): string | undefined => {
    const path = tls?.[field];
    return path === undefined ? undefined : textFile(path, `kafka.tls.${field}`);
  };
  const pem = { ca: file('ca'), cert: file('cert'), key: file('key'), servername: tls?.servername };
  const given = Object.fromEntries(Object.entries(pem).filter(([, value]) => value !== undefined));
  return {
    brokers,
    clientId,
    ...(tls === undefined ? {} : { tls: given }),
    ...(sasl === undefined ? {} : { credentials: credentialsOf(sasl) }),
  };
}

function credentialsOf(sasl: NonNullable<KafkaConfig['sasl']>): KafkaCredentials {
  if (sasl.mechanism !== 'oauthbearer') return { ...sasl, password: secretOf(sasl.password, 'kafka.sasl.password') };
  const { token } = sasl;
  // Read each time: whoever renews the token writes it anew.
  return { mechanism: 'oauthbearer', token: async () => secretOf(token, 'kafka.sasl.token') };
}

/** Where a secret is. */
interface Secret {
  readonly file?: string | undefined;
  readonly env?: string | undefined;
}

/** A secret from its file or variable; `place` is where the configuration names it. Throws `ConfigError`. */
export function secretOf({ file, env }: Secret, place: string): string {
  if (file !== undefined) return textFile(file, `${place}.file`).trim();
  const value = process.env[env ?? ''];
  if (value === undefined) throw wrong(`${place}.env`, `the environment has no ${env}`);
  return value;
}

function textFile(path: string, place: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw wrong(place, `${path}: ${unreadable(error)}`);
  }
}

function wrong(path: string, detail: string): ConfigError {
  return new ConfigError(null, [{ path, detail }]);
}

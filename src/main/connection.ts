import { readFileSync } from 'node:fs';
import type { KafkaConnection } from '../kafka/connection.js';
import type { KafkaCredentials } from '../kafka/credentials.js';
import { ConfigError, type KafkaConfig } from './config.js';

/** How brokers are reached, with the files and secrets that the configuration names. Throws `ConfigError`. */
export function connectionOf({ brokers, clientId, tls, sasl }: KafkaConfig): KafkaConnection {
  const file = (path: string | undefined): string | undefined => (path === undefined ? undefined : textFile(path));
  const { ca, cert, key, servername } = tls ?? {};
  const pem = { ca: file(ca), cert: file(cert), key: file(key), servername };
  const given = Object.fromEntries(Object.entries(pem).filter(([, value]) => value !== undefined));
  return {
    brokers,
    clientId,
    ...(tls === undefined ? {} : { tls: given }),
    ...(sasl === undefined ? {} : { credentials: credentialsOf(sasl) }),
  };
}

function credentialsOf(sasl: NonNullable<KafkaConfig['sasl']>): KafkaCredentials {
  if (sasl.mechanism !== 'oauthbearer') return { ...sasl, password: secretOf(sasl.password) };
  const { token } = sasl;
  // Read each time: whoever renews the token writes it anew.
  return { mechanism: 'oauthbearer', token: async () => secretOf(token) };
}

/** A secret from its file or variable. Throws `ConfigError`. */
export function secretOf({
  file,
  env,
}: {
  readonly file?: string | undefined;
  readonly env?: string | undefined;
}): string {
  if (file !== undefined) return textFile(file).trim();
  const value = process.env[env ?? ''];
  if (value === undefined) throw wrong(`the environment has no ${env}`);
  return value;
}

function textFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function wrong(detail: string): ConfigError {
  return new ConfigError(null, [{ path: 'kafka', detail }]);
}

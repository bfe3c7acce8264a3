import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { messageOf } from '../../catalogue/thrown.js';
import type { KafkaConnection } from '../../kafka/links/connection.js';
import type { KafkaCredentials } from '../../kafka/links/credentials.js';
import { ConfigError, type KafkaConfig } from './config.js';
import { unreadable } from './unreadable.js';

/**
 * How brokers are reached, with the files and secrets that the configuration names. They are read anew for each
 * connection: whoever renews one writes its file again. Throws `ConfigError`, here for what is wrong already.
 */
export function connectionOf({ brokers, clientId, tls, sasl }: KafkaConfig): KafkaConnection {
  const guarded = {
    ...(tls === undefined ? {} : { tls: tlsOf(tls) }),
    ...(sasl === undefined ? {} : { credentials: credentialsOf(sasl) }),
  };
  // To look at its fields reads what they name.
  Object.values(guarded.credentials ?? {});
  checkTls(guarded.tls);
  return { brokers, clientId, ...guarded };
}

/** Of a key of another certificate each connection would say so, and be tried again: it may just be renewed. */
function checkTls(tls: KafkaConnection['tls']): void {
  const given = { ...tls };
  try {
    createSecureContext(given);
  } catch (error) {
    throw wrong('kafka.tls', `no connection can be made with its files: ${messageOf(error)}`);
  }
}

function tlsOf({ servername, ...paths }: NonNullable<KafkaConfig['tls']>): NonNullable<KafkaConnection['tls']> {
  const file = (field: 'ca' | 'cert' | 'key'): string | undefined => {
    const path = paths[field];
    return path === undefined ? undefined : pemFile(path, `kafka.tls.${field}`);
  };
  return {
    get ca() {
      return file('ca');
    },
    get cert() {
      return file('cert');
    },
    get key() {
      return file('key');
    },
    ...(servername === undefined ? {} : { servername }),
  };
}

function credentialsOf(sasl: NonNullable<KafkaConfig['sasl']>): KafkaCredentials {
  if (sasl.mechanism === 'oauthbearer') {
    const { token } = sasl;
    return { mechanism: 'oauthbearer', token: async () => secretOf(token, 'kafka.sasl.token') };
  }
  const { mechanism, username, password } = sasl;
  return {
    mechanism,
    username,
    get password() {
      return secretOf(password, 'kafka.sasl.password');
    },
  };
}

/** Where a secret is. */
interface Secret {
  readonly file?: string | undefined;
  readonly env?: string | undefined;
}

/** A secret from its file or variable; `place` is where the configuration names it. Throws `ConfigError`. */
export function secretOf({ file, env }: Secret, place: string): string {
  if (file !== undefined) return secretFile(file, `${place}.file`);
  const value = process.env[env ?? ''];
  if (value === undefined) throw wrong(`${place}.env`, `the environment has no ${env}`);
  return value;
}

/** A file that is empty is just being written: what it had is as good as gone. */
function secretFile(path: string, place: string): string {
  const secret = textFile(path, place).trim();
  if (secret === '') throw wrong(place, `${path}: it is empty`);
  return secret;
}

/** TLS would take a part of a file for all of it, and trust nobody or prove nothing. */
function pemFile(path: string, place: string): string {
  const text = textFile(path, place);
  const [begun = 0, ended] = [/-----BEGIN /g, /-----END /g].map((mark) => text.match(mark)?.length ?? 0);
  if (begun === 0 || begun !== ended) throw wrong(place, `${path}: it is not a whole PEM file`);
  return text;
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

/** A listener that lets in only who proves who they are, over TLS. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './artifacts.js';

const run = promisify(execFile);

/** Who may come in by SASL/PLAIN; users of SCRAM are made and taken away while the broker runs. */
export const PLAIN_USER = { username: 'pat', password: 'plain-secret-7f1e' };
/** What a client is asked to prove again after so many ms; the client does so 10 s before. */
const PROVE_AGAIN_MS = 11_000;
/** Guards nothing but a key that a test has made. */
const STORE_PASSWORD = 'changeit';
const NAME = 'GUARDED';

/** A key and its own certificate: for the broker, and for clients in PEM form. */
export interface KeyPair {
  readonly keystore: string;
  readonly certificate: string;
}

/** Makes a certificate for a broker on this machine, once for each name. */
export async function keyPair(name: string): Promise<KeyPair> {
  const id = createHash('sha256').update(`${name}, valid for 10 years`).digest('hex').slice(0, 12);
  const folder = join(cacheFolder(), `tls-${id}`);
  if (!existsSync(folder)) {
    const work = mkdtempSync(join(cacheFolder(), 'making-'));
    const store = ['-keystore', join(work, 'keystore.p12'), '-storetype', 'PKCS12', '-storepass', STORE_PASSWORD];
    const key = ['-alias', 'broker', '-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', '3650'];
    const whose = ['-dname', `CN=${name}`, '-ext', 'san=ip:127.0.0.1,dns:localhost'];
    await run('keytool', ['-genkeypair', ...store, ...key, ...whose]);
    await run('keytool', ['-exportcert', '-rfc', ...store, '-alias', 'broker', '-file', join(work, 'certificate.pem')]);
    renameSync(work, folder);
  }
  return { keystore: join(folder, 'keystore.p12'), certificate: join(folder, 'certificate.pem') };
}

/** The guarded listener of a broker. */
export interface Guarded {
  readonly port: number;
  readonly keys: KeyPair;
}

/** What a broker's properties say of it; `listeners` and the like get it added by `guardedNames`. */
export function guardedProperties({ keys }: Guarded): Record<string, string | number> {
  const { username, password } = PLAIN_USER;
  const security = 'org.apache.kafka.common.security';
  const modules: Readonly<Record<string, string>> = {
    plain: `${security}.plain.PlainLoginModule required user_${username}="${password}";`,
    'scram-sha-256': `${security}.scram.ScramLoginModule required;`,
    'scram-sha-512': `${security}.scram.ScramLoginModule required;`,
    oauthbearer: `${security}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
  };
  const listener = `listener.name.${NAME.toLowerCase()}`;
  const lines: Record<string, string | number> = {
    [`${listener}.ssl.keystore.type`]: 'PKCS12',
    [`${listener}.ssl.keystore.location`]: keys.keystore,
    [`${listener}.ssl.keystore.password`]: STORE_PASSWORD,
    [`${listener}.sasl.enabled.mechanisms`]: Object.keys(modules).join(',').toUpperCase(),
  };
  for (const [mechanism, module] of Object.entries(modules)) {
    lines[`${listener}.${mechanism}.sasl.jaas.config`] = module;
    lines[`${listener}.${mechanism}.connections.max.reauth.ms`] = PROVE_AGAIN_MS;
  }
  return lines;
}

/** The listener as `listeners` and `advertised.listeners` name it, and its protocol. */
export function guardedNames(
  host: string,
  { port }: Guarded,
): { readonly listener: string; readonly protocol: string } {
  return { listener: `${NAME}://${host}:${port}`, protocol: `${NAME}:SASL_SSL` };
}

/** A token of OAuth as the broker takes it: it says who one is, and nobody has signed it. */
export function bearerToken(subject: string, nowMs: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const iat = Math.floor(nowMs / 1000);
  return `${part({ alg: 'none' })}.${part({ sub: subject, iat, exp: iat + 3600 })}.`;
}

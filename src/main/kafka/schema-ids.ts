/** The numbers of schemas, from the registry or, where it gives none, from what the data folder keeps of it. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE_FINGERPRINT } from '../../catalogue/generated/codes.js';
import type { SchemaIds } from '../../kafka/framing.js';
import { findSchemas, type RegistryConnection, RegistryFault } from '../../kafka/registry.js';
import type { KafkaConfig } from '../config/config.js';
import { secretOf } from '../config/connection.js';

const FILE = 'schema-ids.json';

/** How the registry of a configuration is reached, or null where it has none. */
export function registryOf({ registry }: KafkaConfig): RegistryConnection | null {
  if (registry === undefined) return null;
  const { url, username, password } = registry;
  if (username === undefined || password === undefined) return { url };
  return { url, auth: { username, password: secretOf(password, 'kafka.registry.password') } };
}

/**
 * The numbers of the registry, which are kept: where it is away, or lets nobody in, those of before hold, so that stops only
 * the first start. It is asked at each one since a registry that was made anew has none, or others, by which records would
 * be taken for others. `onKept` hears why those of before are used. Null without a registry. Throws `RegistryFault`.
 */
export async function schemaIds(
  data: string,
  registry: RegistryConnection | null,
  onKept: (fault: RegistryFault) => void,
): Promise<SchemaIds | null> {
  if (registry === null) return null;
  try {
    const ids = await findSchemas(registry);
    keep(data, registry.url, ids);
    return ids;
  } catch (error) {
    if (!(error instanceof RegistryFault) || error.isUnknown) throw error;
    const kept = readKept(data, registry.url);
    if (kept === null) throw error;
    onKept(error);
    return kept;
  }
}

interface Kept {
  readonly catalogue: string;
  readonly url: string;
  readonly ids: readonly (readonly [number, number])[];
}

/** Null where there are none that can be read, whatever the reason: the registry's fault tells what to do. */
function readKept(data: string, url: string): SchemaIds | null {
  try {
    const kept = JSON.parse(readFileSync(join(data, FILE), 'utf8')) as Kept;
    return kept.catalogue === CATALOGUE_FINGERPRINT && kept.url === url ? new Map(kept.ids) : null;
  } catch {
    return null;
  }
}

/** Written beside and renamed: a start that ends in between leaves no half of it. */
function keep(data: string, url: string, ids: SchemaIds): void {
  const kept: Kept = { catalogue: CATALOGUE_FINGERPRINT, url, ids: [...ids] };
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, `${FILE}.new`), JSON.stringify(kept));
  renameSync(join(data, `${FILE}.new`), join(data, FILE));
}

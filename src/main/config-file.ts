import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { ConfigError, type ConfigInput, checkConfig, type FabricConfig } from './config.js';
import { unreadable } from './unreadable.js';

/**
 * Reads a configuration file (none: all defaults), lets options of the command line stand above it, and checks the
 * whole. Throws `ConfigError`.
 */
export function loadConfig(file: string | null, options: ConfigInput = {}): FabricConfig {
  const settings: { readonly kafka?: object } = file === null ? {} : readConfigFile(file);
  // Brokers of the command line leave alone what the file says beside them.
  const kafka = options.kafka === undefined ? {} : { kafka: { ...settings.kafka, ...options.kafka } };
  return checkConfig({ ...settings, ...options, ...kafka }, file, placesOf(options));
}

/** Places of what options give: of `kafka` each field, as the others are the file's. */
function placesOf(options: ConfigInput): readonly string[] {
  return Object.entries(options).flatMap(([field, value]) => {
    return field === 'kafka' ? Object.keys(value as object).map((inner) => `${field}.${inner}`) : [field];
  });
}

function readConfigFile(file: string): object {
  let value: unknown;
  try {
    value = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError(file, [{ path: '', detail: unreadable(error) }]);
  }
  if (value === null || value === undefined) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value;
  throw new ConfigError(file, [{ path: '', detail: 'must be fields with their values' }]);
}

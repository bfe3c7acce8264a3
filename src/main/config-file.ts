import { readFileSync } from 'node:fs';
import type { FormProblem } from '../form/form-error.js';
import { FormFile } from '../form/form-file.js';
import { ConfigError, type ConfigInput, checkConfig, type FabricConfig } from './config.js';
import { unreadable } from './unreadable.js';

/**
 * Reads a configuration file (none: all defaults), lets options of the command line stand above it, and checks the
 * whole. Throws `ConfigError`, whose problems have the file's lines, or say that an option gave what is wrong.
 */
export function loadConfig(file: string | null, options: ConfigInput = {}): FabricConfig {
  if (file === null) return checkConfig(options);
  const form = readConfigFile(file);
  const settings: { readonly kafka?: object } = fieldsOf(form, file);
  // Brokers of the command line leave alone what the file says beside them.
  const kafka = options.kafka === undefined ? {} : { kafka: { ...settings.kafka, ...options.kafka } };
  const given = placesOf(options);
  const located = (problem: FormProblem): FormProblem => {
    const isGiven = given.some((place) => problem.path === place || problem.path.startsWith(`${place}.`));
    if (!isGiven) return form.located(problem);
    return { ...problem, detail: `${problem.detail} (from the command line, not the file)` };
  };
  return checkConfig({ ...settings, ...options, ...kafka }, file, located);
}

/** Places of what options give: of `kafka` each field, as the others are the file's. */
function placesOf(options: ConfigInput): readonly string[] {
  return Object.entries(options).flatMap(([field, value]) => {
    return field === 'kafka' ? Object.keys(value as object).map((inner) => `${field}.${inner}`) : [field];
  });
}

function readConfigFile(file: string): FormFile {
  try {
    return new FormFile(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError(file, [{ path: '', detail: unreadable(error) }]);
  }
}

function fieldsOf({ value }: FormFile, file: string): object {
  if (value === null || value === undefined) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value;
  throw new ConfigError(file, [{ path: '', detail: 'must be fields with their values' }]);
}

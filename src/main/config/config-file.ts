import { readFileSync } from 'node:fs';
import type { FormProblem } from '../../form/form-error.js';
import { FormFile } from '../../form/form-file.js';
import { ConfigError, type ConfigInput, checkConfig, type FabricConfig } from './config.js';
import { unreadable } from './unreadable.js';

/**
 * Reads a configuration file (none: all defaults), lets options of the command line stand above it, and checks the
 * whole. Throws `ConfigError`, whose problems have the file's lines, or say that an option gave what is wrong.
 */
export function loadConfig(file: string | null, options: ConfigInput = {}): FabricConfig {
  if (file === null) return checkConfig(options);
  const form = readConfigFile(file);
  const settings = fieldsOf(form, file);
  const given = placesOf(options);
  const located = (problem: FormProblem): FormProblem => {
    const isGiven = given.some((place) => problem.path === place || problem.path.startsWith(`${place}.`));
    if (!isGiven) return form.located(problem);
    return { ...problem, detail: `${problem.detail} (from the command line, not the file)` };
  };
  return checkConfig(withOptions(settings, options), file, located);
}

/** Brokers or a sync policy of the command line leave alone what the file says beside them. */
function withOptions(settings: object, options: ConfigInput): object {
  const ofFile = new Map<string, unknown>(Object.entries(settings));
  const fields = Object.entries(options).map(([field, value]) => {
    const before = ofFile.get(field);
    return [field, isGroup(value) && isGroup(before) ? { ...before, ...value } : value];
  });
  return { ...settings, ...Object.fromEntries(fields) };
}

/** Places of what options give: of a group each field, as the others are the file's. */
function placesOf(options: ConfigInput): readonly string[] {
  return Object.entries(options).flatMap(([field, value]) => {
    return isGroup(value) ? Object.keys(value).map((inner) => `${field}.${inner}`) : [field];
  });
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
  if (isGroup(value)) return value;
  throw new ConfigError(file, [{ path: '', detail: 'must be fields with their values' }]);
}

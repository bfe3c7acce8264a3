/** What can be set stands where people look for it: variables in the help, fields of the file below `marie up --help`. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { z } from 'zod';
import { up } from '../../../src/cli/commands/up.js';
import { ENVIRONMENT } from '../../../src/cli/exit.js';
import { optionsOf } from '../../../src/cli/options.js';
import { commandsOf } from '../../../src/cli/spec.js';
import { TREE } from '../../../src/cli/tree.js';
import { configSchema } from '../../../src/main/config/config.js';

it('every variable that gives an option its value is told of', () => {
  const used = commandsOf(TREE).flatMap(({ spec }) =>
    optionsOf(spec).flatMap(({ env }) => (env === undefined ? [] : [env])),
  );
  const told = ENVIRONMENT.map(({ name }) => name);
  expect([...new Set(used)].filter((name) => !told.includes(name))).toEqual([]);
});

/** The names of a schema's fields, and of the fields of those. */
function namesOf(schema: z.ZodType): readonly string[] {
  const {
    shape,
    innerType,
    element,
    options,
    in: input,
  } = schema.def as unknown as {
    readonly shape?: Readonly<Record<string, z.ZodType>>;
    readonly innerType?: z.ZodType;
    readonly element?: z.ZodType;
    readonly options?: readonly z.ZodType[];
    readonly in?: z.ZodType;
  };
  if (shape !== undefined) return Object.entries(shape).flatMap(([name, field]) => [name, ...namesOf(field)]);
  const inner = options ?? [innerType ?? element ?? input];
  return inner.flatMap((one) => (one === undefined ? [] : namesOf(one)));
}

const topics = readFileSync(new URL('../../../docs/topics.md', import.meta.url), 'utf8');
const { kafka, ...others } = configSchema.shape;

it.each([...Object.entries(others), ['kafka', kafka] as const])('every field of %s is told of', (name, schema) => {
  const text = name === 'kafka' ? topics : (up.notes ?? '');
  const told = new Set(text.match(/\w+/g));
  expect([name, ...namesOf(schema)].filter((field) => !told.has(field))).toEqual([]);
});

/**
 * The types of what executors are answered, which the SDK spells out, against the schemas of the API's answers: each field,
 * and of what type it is. All of it is checked when this file is compiled; what the fabric really answers, by the same
 * schemas, is in test/integration/gateway/answers.test.ts. All other types of answers are made of their schemas.
 */
import { it } from 'vitest';
import type { z } from 'zod';
import type { BlobRef } from '../../../src/client/index.js';
import type { RegisterAnswer } from '../../../src/executor/protocol.js';
import { storedSchema } from '../../../src/gateway/routes/blobs.js';
import { registeredSchema } from '../../../src/gateway/routes/executors.js';

/** As JSON has it: a field that is undefined is absent, and nothing is read-only. */
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { -readonly [Field in keyof T]: Plain<Exclude<T[Field], undefined>> }
    : T;

/** Whether two types are the same, and not only fit one another, as one with a field more does. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only where the answers of a schema are of the type. */
function answersAre<Type>() {
  return <Schema extends z.ZodType>(
    _schema: Schema,
    ..._check: Same<Plain<z.output<Schema>>, Plain<Type>> extends true ? [] : [differs: never]
  ): void => undefined;
}

it('are of the types that the SDK says', () => {
  answersAre<BlobRef>()(storedSchema);
  answersAre<RegisterAnswer>()(registeredSchema);
});

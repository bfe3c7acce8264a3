/**
 * The types of what the client gives against the schemas of the API's answers: each field, and of what type it is. All of
 * it is checked when this file is compiled; what the fabric really answers, by the same schemas, is in
 * test/integration/gateway/answers.test.ts.
 */
import { it } from 'vitest';
import type { z } from 'zod';
import * as schemas from '../../../src/answers/schemas.js';
import type {
  BlobRef,
  Cell,
  CellLimitsInForce,
  CellProcess,
  ClassCapacity,
  Controlled,
  Dag,
  DagSummary,
  ExecutorClass,
  Explanation,
  Failure,
  FoundJob,
  GraphNode,
  Hit,
  Job,
  PressureSeries,
  RegisteredExecutor,
  Signal,
  Submitted,
  Tenant,
} from '../../../src/client/index.js';
import type { RegisterAnswer } from '../../../src/executor/protocol.js';
import { storedSchema } from '../../../src/gateway/routes/blobs.js';
import { registeredSchema } from '../../../src/gateway/routes/executors.js';
import { explainSchema } from '../../../src/gateway/routes/explain.js';
import { pressureSchema } from '../../../src/gateway/routes/signals.js';
import { processSchema } from '../../../src/gateway/routes/system.js';

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

it('are of the types that the client says', () => {
  answersAre<Submitted>()(schemas.submittedSchema);
  answersAre<Controlled>()(schemas.controlledSchema);
  answersAre<Dag>()(schemas.dagSchema);
  answersAre<Job>()(schemas.jobSchema);
  answersAre<DagSummary>()(schemas.dagSummarySchema);
  answersAre<FoundJob>()(schemas.foundJobSchema);
  answersAre<GraphNode>()(schemas.nodeSchema);
  answersAre<Hit>()(schemas.hitSchema);
  answersAre<Failure>()(schemas.failureSchema);
  answersAre<Explanation>()(explainSchema);
  answersAre<Cell>()(schemas.cellSchema);
  answersAre<CellProcess>()(processSchema);
  answersAre<CellLimitsInForce>()(schemas.cellLimitsSchema);
  answersAre<ExecutorClass>()(schemas.classSchema);
  answersAre<RegisteredExecutor>()(schemas.executorSchema);
  answersAre<ClassCapacity>()(schemas.capacitySchema);
  answersAre<Tenant>()(schemas.tenantSchema);
  answersAre<Signal>()(schemas.signalSchema);
  answersAre<PressureSeries>()(pressureSchema.shape.series.element);
  answersAre<BlobRef>()(storedSchema);
  answersAre<RegisterAnswer>()(registeredSchema);
});

/** What commands about the cell, its classes and executors give. */
import { z } from 'zod';
import {
  capacitySchema,
  cellLimitsSchema,
  cellSchema,
  classSchema,
  count,
  executorSchema,
  signalSchema,
  tenantSchema,
  turn,
} from '../../answers/schemas.js';

export const executors = z
  .object({ executors: z.array(executorSchema) })
  .describe('Executors that are registered, or were.');

export const classes = z.object({ classes: z.array(classSchema) }).describe('Executor classes with their slots.');

export const capacity = z.object({ classes: z.array(capacitySchema) }).describe('What each class can do.');

export const tenants = z.object({ tenants: z.array(tenantSchema) }).describe('Tenants with their weights and limits.');

export const limits = z
  .object({
    cell: cellLimitsSchema,
    classes: z.array(
      classSchema.pick({
        group: true,
        executorClass: true,
        maxSlots: true,
        slotsReserved: true,
        slotsReclaiming: true,
        rates: true,
      }),
    ),
    tenants: z.array(tenantSchema),
  })
  .describe('All limits in force.');

export const policy = z.object({ policy: z.string() }).describe("The planner's policy.");

export const cell = cellSchema.describe('The cell as of a turn.');

export const signals = z.object({ signals: z.array(signalSchema) }).describe('How long things took, over a window.');

export const kafkaInit = z
  .object({
    cell: z.string(),
    isDry: z.boolean().describe('Whether only the plan was made.'),
    topics: z.array(
      z.object({
        name: z.string(),
        action: z.enum(['create', 'grow', 'keep', 'refuse']),
        partitions: count.describe('How many are wanted; more may be there.'),
        partitionsFound: count.nullable().describe('How many there are; null without the topic.'),
        replicas: count,
        settings: z.record(z.string(), z.string()),
        problems: z.array(z.string()),
      }),
    ),
    schemas: count.nullable().describe('How many schemas the registry is to have; null without a registry.'),
  })
  .describe('What is to be done about each topic of a cell.');

export const cluster = z
  .object({
    processes: z.array(
      z.object({
        url: z.string(),
        role: z.enum(['starting', 'standby', 'leader', 'stopped', 'unreachable']),
        cell: z.string().nullable(),
        epoch: count.nullable(),
        turn: turn.nullable(),
        lag: count.nullable().describe('Turns behind the process that is furthest.'),
      }),
    ),
  })
  .describe('What each process of a cell says that it is.');

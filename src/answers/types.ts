/** What reads are answered with, as types; the schemas say what each field means. Nothing of them is loaded for these. */
import type { z } from 'zod';
import type { explainSchema } from './explanation.js';
import type * as s from './schemas.js';

/** The same, of which nothing may be changed. */
export type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

type Answer<S extends z.ZodType> = Frozen<z.output<S>>;

/** The answer to an accepted submission: its turn is durable. */
export type Submitted = Answer<typeof s.submittedSchema>;
/** The answer to an accepted control. */
export type Controlled = Answer<typeof s.controlledSchema>;

/** A DAG. */
export type DagView = Answer<typeof s.dagHeadSchema>;
/** A DAG with a page of its jobs, and what happened when. */
export type Dag = Answer<typeof s.dagSchema>;
/** Something that happened to a DAG, or to a job of it. */
export type Moment = Answer<typeof s.momentSchema>;
/** Where a DAG stands with its deadlines; the worst that was recorded. */
export type DeadlineRisk = DagView['risk'];
/** A job. */
export type JobView = Answer<typeof s.jobSchema>;
/** Why an attempt failed, as its executor said it. */
export type FailureView = Answer<typeof s.failureSchema>;
/** A DAG as listings show it. */
export type DagSummary = Answer<typeof s.dagSummarySchema>;
/** A job as listings show it. */
export type FoundJob = Answer<typeof s.foundJobSchema>;
/** One job of a DAG's graph; a fan-out is one, whatever the number of its children. */
export type GraphNode = Answer<typeof s.nodeSchema>;
/** Something that an id names. */
export type Hit = Answer<typeof s.hitSchema>;

/** A job with the reason for which it isn't running; null once it has ended. */
export type ExplainView = Answer<typeof explainSchema>;
/** Why a job is not running: a closed list (docs/policy.md), each reason with its numbers. */
export type WhyView = NonNullable<ExplainView['why']>;
/** The job that comes before another one, by the first field of the key in which it wins. */
export type AheadView = NonNullable<Extract<WhyView, { readonly reason: 'no-free-slot' }>['ahead']>;

/** A cell as it stands after a turn. */
export type CellView = Answer<typeof s.cellSchema>;
/** What one process is in its cell. */
export type CellProcess = Answer<typeof s.processSchema>;
/** A limit, how much of it is used, and whether somebody has set it; null where there is none. */
export type LimitView = Answer<typeof s.limitSchema>;
/** The limits of the cell, and how much of them is used. */
export type CellLimitsView = Answer<typeof s.cellLimitsSchema>;
/** A tenant with its weight and its limits. */
export type TenantView = Answer<typeof s.tenantSchema>;
/** An executor class with its slots and limits. */
export type ClassView = Answer<typeof s.classSchema>;
/**
 * What a class can do, by the seed's estimate: slots / mean slot occupancy. It is of jobs of one slot each, and no more
 * than the class's rates let start.
 */
export type ClassCapacity = Answer<typeof s.capacitySchema>;
/** A rate of a class (`add` tokens each `perMs`, at most `burst` at once), with the tokens that its bucket has now. */
export type RateView = Answer<typeof s.rateSchema>;
/** An executor that has registered. */
export type ExecutorView = Answer<typeof s.executorSchema>;

/** A signal that is a time. */
export type Signal = Answer<typeof s.signalSchema>;
/** One row of a signal: how long something took, over a window. */
export type SignalSeries = Answer<typeof s.signalSeriesSchema>;
/** Percentiles of a window, in ms. */
export type Percentiles = Omit<SignalSeries, 'labels'>;
/** Open DAGs by where they stand with their deadlines, with the share of those at risk or past one. */
export type PressureSeries = Answer<typeof s.pressureSchema>['series'][number];
/** The same by numbers only. */
export type PressureView = Omit<PressureSeries, 'share'>;

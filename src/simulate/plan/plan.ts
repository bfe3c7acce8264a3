/** A simulation plan, as it is when it was checked whole and its templates were read. */
import type { HistoryFields, PlanFields, StreamFields } from './plan-schema.js';
import type { Template } from './template.js';

/** Fields of a stream that its templates have in the end. */
type OfTemplates = 'jobs' | 'dags' | 'fanOuts' | 'runs' | 'tenant' | 'priority' | 'onHardDeadline' | 'failurePolicy';

/** A stream of DAGs that arrive. */
export interface Stream extends Omit<StreamFields, OfTemplates> {
  /** Each DAG draws one. */
  readonly templates: readonly Template[];
}

/** A checked plan. */
export interface Plan extends Omit<PlanFields, 'load'> {
  readonly streams: readonly Stream[];
  /** Journals whose arrivals are played again. */
  readonly journals: readonly HistoryFields[];
  /** Multiplies the slots of every class; what a load is a share of is not multiplied. */
  readonly scale: number;
}

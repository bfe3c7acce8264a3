/** Why a job is where it is; its row keeps the place in this list. Append-only: rows of old stores say the same. */
export const REASONS = [
  '',
  'condition-false',
  'upstream-failed',
  'dag-cancelled',
  'dag-failed',
  'cancelled',
  'hard-deadline',
  'executor-failed',
  'timed-out',
  'poison',
  'dag-too-large',
  'invalid-fan-out',
  'invalid-when',
  'children-failed',
  'output-not-inline',
] as const;

/** What the row of a job says that was skipped by its own condition. */
export const CONDITION_FALSE = REASONS.indexOf('condition-false');

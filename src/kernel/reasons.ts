/** Why a job is where it is; what a job row keeps of it. */
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

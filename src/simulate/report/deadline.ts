/** The deadline that a DAG is held to: the soft one, or the hard one where there is no other, or where it comes first. */
export interface Deadline {
  readonly atMs: number;
  readonly kind: 'soft' | 'hard';
}

/** What submissions and changes say of deadlines: none is null in the former, and below 0 in the latter. */
interface Deadlines {
  readonly deadlineAtMs: number | null;
  readonly hardDeadlineAtMs: number | null;
}

export function deadlineOf({ deadlineAtMs, hardDeadlineAtMs }: Deadlines): Deadline | null {
  const soft = timeOf(deadlineAtMs);
  const hard = timeOf(hardDeadlineAtMs);
  if (hard < soft) return { atMs: hard, kind: 'hard' };
  return soft === NEVER ? null : { atMs: soft, kind: 'soft' };
}

const NEVER = Number.POSITIVE_INFINITY;

function timeOf(atMs: number | null): number {
  return atMs === null || atMs < 0 ? NEVER : atMs;
}

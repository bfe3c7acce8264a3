/** What is worth knowing of a run beside its numbers, as sentences for people. */
import type { PlanRun } from './run-plan.js';

export function notesOf(run: PlanRun): readonly string[] {
  return [...lateChanges(run)];
}

/** Changes that came after everything had ended. */
function* lateChanges({ plan: { changes }, end, endMs }: PlanRun): Generator<string> {
  if (end !== 'drained') return;
  for (const [index, { at }] of changes.entries()) {
    if (at >= endMs) yield `changes.${index} changed nothing: every DAG had ended before it`;
  }
}

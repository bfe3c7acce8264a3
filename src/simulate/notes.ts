/** What is worth knowing of a run beside its numbers, as sentences for people. */
import type { PlanRun } from './run-plan.js';

export function notesOf(run: PlanRun): readonly string[] {
  return [...lateChanges(run), ...leftSettings(run)];
}

/** Changes that came after everything had ended. */
function* lateChanges({ plan: { changes }, end, endMs }: PlanRun): Generator<string> {
  if (end !== 'drained') return;
  for (const [index, { at }] of changes.entries()) {
    if (at >= endMs) yield `changes.${index} changed nothing: every DAG had ended before it`;
  }
}

/** Settings of journals that are not made again: the plan says what is in force. */
function* leftSettings({ plan: { journals }, histories }: PlanRun): Generator<string> {
  for (const [index, { left }] of histories.entries()) {
    if (left.size === 0) continue;
    const listed = [...left].map(([setting, times]) => `${setting} (${times}x)`).join(', ');
    yield `set in ${journals[index]!.journal} and not here, where the plan alone says it: ${listed}`;
  }
}

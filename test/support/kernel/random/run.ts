import type { Step } from './commands.js';
import { Harness } from './harness.js';

/** Runs a history to its end and notes which events came up. Throws with the history as text where something is wrong. */
export function runHistory(steps: readonly Step[], seen: Set<string>): void {
  const harness = new Harness(seen);
  try {
    for (const step of steps) harness.step(step);
    harness.finish();
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.stack : String(error)}\n${tail(harness.tell())}`);
  }
}

/** A failing history as text; what faults that stopped added to it may be long. */
function tail(text: string): string {
  const lines = text.split('\n');
  return lines.length <= 200 ? text : [...lines.slice(0, 120), '…', ...lines.slice(-80)].join('\n');
}

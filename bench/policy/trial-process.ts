/** A process that runs one trial at a time for an evaluation; its argument is the folder of instances, if there is one. */

import type { PolicyId } from './scenario.js';
import { scenariosOf } from './scenarios.js';
import { valuesOf } from './trial.js';

/** A trial as it is told to the process. */
export interface TrialMessage {
  readonly scenario: string;
  readonly policy: PolicyId;
  readonly seed: number;
}

const scenarios = await scenariosOf(process.argv[2] ?? null);

process.on('message', ({ scenario: id, policy, seed }: TrialMessage) => {
  const scenario = scenarios.find((one) => one.id === id)!;
  process.send!(valuesOf({ scenario, policy, seed }));
});

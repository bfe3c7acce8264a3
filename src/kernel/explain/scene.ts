import type { Indexes } from '../indexes/indexes.js';
import type { State } from '../rows/state.js';

/** What a job is explained from: the fold with its indexes, at a moment. */
export interface Scene {
  readonly state: State;
  readonly indexes: Indexes;
  /** Journal time, in ms. */
  readonly at: number;
}

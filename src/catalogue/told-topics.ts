import type { Topic } from './generated/codes.js';

/** The topics that can be asked for: those of events, and those of inputs. */
export const TOPICS: readonly Topic[] = [
  'lifecycle',
  'leases',
  'slots',
  'dispatches',
  'refusals',
  'submissions',
  'callbacks',
  'controls',
];

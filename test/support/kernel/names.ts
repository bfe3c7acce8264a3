import { CODE_NAMES, isEventCode } from '../../../src/catalogue/generated/codes.js';

/** Names of all events. */
export const EventNames: readonly string[] = [...CODE_NAMES]
  .filter(([code]) => isEventCode(code))
  .map(([, name]) => name);

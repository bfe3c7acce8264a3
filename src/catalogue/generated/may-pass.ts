// Generated from schemas/ by `npm run generate`. Do not edit.

const PASSING: ReadonlySet<string> = new Set([
  'tenant-open-dags',
  'cell-known-jobs',
  'executor-busy',
  'request-timeout',
  'fate-open',
  'not-ready',
  'inbox-full',
  'too-many-streams',
  'internal',
  'journal-locked',
  'disk-full',
  'kafka-unavailable',
  'kafka-held-back',
  'registry-unavailable',
  'turn-voided',
  'unreachable',
  'blob-damaged',
  'aborted',
  'not-taken',
  'port-in-use',
  'store-locked',
  'store-unavailable',
]);

/** Whether a code is one of those that time may cure (schemas/errors.json): the same request may succeed later. */
export function mayPass(code: string): boolean {
  return PASSING.has(code);
}

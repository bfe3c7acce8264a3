import type { SubmitDag } from '../../src/catalogue/generated/types.js';
import { counted } from '../../src/cli/text/format.js';
import type { Blocked } from '../../src/kernel/explain/index.js';
import { fieldName } from '../../src/scheduler/views/evidence.js';
import { Names } from '../names.js';
import type { ScratchFold } from '../scratch-fold.js';

/** What a job waits for, in a few words; null where the reason says it all. */
export function onOf(blocked: Blocked, spec: SubmitDag, job: number, fold: ScratchFold): string | null {
  const names = new Names(fold);
  switch (blocked.reason) {
    case 'waiting-for': {
      const jobs = blocked.jobs.map((index) => spec.jobs[index]!.id).join(', ');
      return blocked.more === 0 ? jobs : `${jobs} and ${blocked.more} more`;
    }
    case 'waiting-for-signal':
      return spec.jobs[job]?.signalName ?? spec.jobs[job]?.id ?? null;
    case 'held-tenant-limit':
      return blocked.limit;
    case 'backoff-until':
      return `attempt ${blocked.attempt}`;
    case 'no-free-slot':
      return blocked.ahead === null ? null : fieldName(blocked.ahead.field);
    case 'waiting-for-reservation':
    case 'reserved-for-wide':
    case 'slot-reclaiming':
      return names.executor(blocked.executor);
    case 'class-limit':
      return counted(blocked.limit, 'slot');
    case 'larger-than-any-executor':
      return `${counted(blocked.slots, 'slot')}, the largest has ${blocked.largest}`;
    default:
      return null;
  }
}

import { Code } from '../../src/catalogue/generated/codes.js';
import type { AnyEntry, Evidence, TurnRecord } from '../../src/catalogue/generated/types.js';
import type { JobRef } from '../../src/kernel/explain/index.js';
import { decideAgain, isSameTurn } from '../decide-again.js';
import type { Visitor } from '../fold.js';
import type { ScratchFold } from '../scratch-fold.js';
import { dispatchesOf } from '../what-if/dispatches.js';

/** What deciding the turn of a dispatch again comes to. */
export interface Again {
  /** Whether the whole turn comes out in the same bytes. */
  readonly sameTurn: boolean;
  /** The job's dispatch as it is decided now; null: it isn't dispatched in this turn. */
  readonly dispatch: { readonly executor: number; readonly evidence: Evidence } | null;
}

/** Decides the turns again in which certain jobs were dispatched. The fold must follow, and keep outputs. */
export class DecidedAgain implements Visitor {
  /** By the token of the recorded lease. */
  readonly byToken = new Map<number, Again>();

  /** `isWanted` says which dispatches. */
  constructor(private readonly isWanted: (lease: JobRef & { readonly attempt: number }) => boolean) {}

  /** Of the dispatch of a lease that was wanted. One that is missing is a fault here, and no difference. */
  of(token: number): Again {
    const again = this.byToken.get(token);
    if (again === undefined) throw new Error(`assertion failed: the turn of lease ${token} was not decided again`);
    return again;
  }

  async before(record: TurnRecord, fold: ScratchFold): Promise<void> {
    const leases = record.entries.flatMap((entry) =>
      entry.code === Code.LeaseGranted && this.isWanted(entry.body) ? [entry.body] : [],
    );
    if (leases.length === 0) return;
    const result = await decideAgain(fold, record);
    const sameTurn = isSameTurn(record, result);
    for (const { token, dag, job } of leases) {
      this.byToken.set(token, { sameTurn, dispatch: dispatchIn(result.entries, { dag, job }) });
    }
  }
}

function dispatchIn(entries: readonly AnyEntry[], { dag, job }: JobRef): Again['dispatch'] {
  const found = dispatchesOf(entries).find((one) => one.dag === dag && one.job === job);
  return found === undefined ? null : { executor: found.executor, evidence: found.evidence };
}

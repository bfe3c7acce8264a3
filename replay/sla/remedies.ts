/** What would have been enough to meet a deadline, found by playing the history again. */
import { Code } from '../../src/catalogue/generated/codes.js';
import type { AnyEntry } from '../../src/catalogue/generated/types.js';
import type { History } from '../history.js';
import { type Change, type DagPath, Rewriting } from '../what-if/change.js';
import { Play, type WhatIfOptions } from '../what-if/what-if.js';
import type { CapacityRemedy, Remedies, SlaReport } from './report.js';
import { smallest } from './smallest.js';

/** Classes that are tried: those in which the path waited longest. */
const MOST_CLASSES = 2;
/** A class is tried with up to so many times its slots. */
const MOST_SLOTS_FACTOR = 16;
/** Submissions are tried so many ms apart. */
export const SUBMIT_WITHIN_MS = 100;

/** Tries more slots of the classes on the path, and an earlier submission. */
export async function remediesOf(history: History, report: SlaReport, watch: WhatIfOptions = {}): Promise<Remedies> {
  const play = await Play.of(history, watch);
  const isMet = async (change: Change): Promise<boolean> => {
    const end = new EndOf(report);
    await play.run(
      change,
      (at, entries) => end.take(at, entries),
      () => end.isKnown,
    );
    return end.isMet;
  };
  const capacity: CapacityRemedy[] = [];
  const had = await slotsOf(history);
  for (const executorClass of waitedFor(report)) {
    const slots = had.slotsOf(executorClass);
    if (slots === 0) continue;
    const most = Math.min(slots * MOST_SLOTS_FACTOR, had.mostSlotsOf(executorClass));
    if (most <= slots) continue;
    const found = await smallest(slots + 1, most, (n) => isMet({ slots: { [executorClass]: n } }));
    if (found === null) continue;
    const { value, isLeast } = found;
    capacity.push({ executorClass, slots: value, more: value - slots, isLeast });
  }
  return { capacity, submitAtMs: await latestSubmit(history, report, isMet) };
}

/** Classes of the path that held it up by their slots, the worst first. */
function waitedFor({ blame }: SlaReport): readonly string[] {
  const bySlots = blame.filter(({ kind, executorClass }) => executorClass !== '' && SLOT_WAITS.has(kind));
  return [...new Set(bySlots.map(({ executorClass }) => executorClass))].slice(0, MOST_CLASSES);
}

const SLOT_WAITS: ReadonlySet<string> = new Set(['no-free-slot', 'reserved-for-short-work', 'reserved-for-wide']);

async function slotsOf(history: History): Promise<Rewriting> {
  const rewriting = new Rewriting({});
  for await (const { record } of history.read()) rewriting.look(record);
  return rewriting;
}

async function latestSubmit(
  history: History,
  report: SlaReport,
  isMet: (change: Change) => Promise<boolean>,
): Promise<number | null> {
  const { tenant, dag, nth, acceptedAtMs } = report;
  let firstAtMs = acceptedAtMs;
  for await (const { record } of history.read()) {
    firstAtMs = record.at;
    break;
  }
  const most = Math.floor((acceptedAtMs - firstAtMs) / SUBMIT_WITHIN_MS);
  if (most < 1) return null;
  const earlier = (n: number): Change => ({ earlier: { tenant, dag, nth, ms: n * SUBMIT_WITHIN_MS } });
  // There are far too many moments to try them all.
  const found = await smallest(1, most, (n) => isMet(earlier(n)), 0);
  return found === null ? null : acceptedAtMs - found.value * SUBMIT_WITHIN_MS;
}

/** Looks for the end of a DAG in a history: what comes after its deadline tells nothing more, and may be months. */
class EndOf {
  isMet = false;
  isKnown = false;
  readonly #path: DagPath;
  readonly #deadlineAtMs: number;
  /** So many DAGs of its id are still to come, with itself. */
  #left: number;
  #seq = -1;

  constructor({ tenant, dag, nth, deadlineAtMs }: SlaReport) {
    this.#path = { tenant, dag };
    this.#left = nth;
    this.#deadlineAtMs = deadlineAtMs ?? Number.POSITIVE_INFINITY;
  }

  take(at: number, entries: readonly AnyEntry[]): void {
    this.isKnown ||= at > this.#deadlineAtMs;
    for (const entry of entries) {
      if (entry.code === Code.DagAccepted) {
        const input = entries[entry.cause]!;
        const isOurs =
          input.code === Code.SubmitDag &&
          input.body.dagId === this.#path.dag &&
          input.body.tenant === this.#path.tenant;
        if (isOurs && --this.#left === 0) this.#seq = entry.body.dag;
      } else if (entry.code === Code.DagSucceeded && entry.body.dag === this.#seq && at <= this.#deadlineAtMs) {
        this.isMet = true;
        this.isKnown = true;
      }
    }
  }
}

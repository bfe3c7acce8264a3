/** Situations that the simulations must have met, all together: a suite that never met one has tested too little. */
export const SITUATIONS = {
  'torn-tail-cut': 'a start cut a torn record from the end of the journal',
  'append-lost': 'the process died with a turn under way, and the turn was not in the journal',
  'append-landed': 'the process died before it could answer, and the turn was in the journal',
  'killed before the write': 'the process died before it wrote a turn',
  'killed inside the write': 'the process died when a turn was written in part',
  'killed before the sync': 'the process died with a turn written and not synced',
  'killed after the sync': 'the process died with a turn on the disk that nobody was told of',
  'killed before the store is written': 'the process died before a batch was written',
  'killed after the store is written': 'the process died after a batch was written',
  'killed at publishing': 'the process died between the acceptance of a turn and its publishing',
  'batch-lost': 'the process died with a batch on its way into the store, and the store did not have it',
  'batch-landed': 'the process died with a batch on its way into the store, and the store had it',
  'power-lost': 'the machine lost power',
  'store-behind': 'a start folded turns that the store did not have',
  'store-gone': 'a start found no store and folded the whole journal',
  'store-older': 'a start found a store that had lost its newest batches',
  'store-set-aside': 'a damaged store was set aside and rebuilt',
  'store-failed': 'a write of the store failed, and the process ended',
  'sync-failed': 'a sync failed, and the process ended',
  'disk-full': 'the disk was full, the process ended, and went on at the same head when there was room',
  'journal-damaged': 'a byte of the journal was flipped on a copy, and was never read as if it were right',
  'journal-forged': 'a record that does not go on where the journal ends was refused',
  'journal-cut': 'a journal shorter than its store stands for was refused',
  'clock-ahead': 'the wall clock leapt ahead, and was not followed',
  'clock-accepted': 'an operator said that the clock is right',
  'clock-behind': 'the wall clock leapt back',
  'clock-refused': 'a start more than an hour after the last turn waited for an operator',
  'loop-stalled': 'the event loop stalled for seconds, with inputs waiting',
  'append-stalled': 'an append took longer than a second',
  'inbox-full': 'a sender was told that the inbox is full',
  'stopped-under-load': 'the process was told to stop while inputs came, and started again',
  'restart-in-fan-out': 'a start found a fan-out half made',
  'restarts-alike': 'with its store and without it, a start came to the same rows and the same next turn',
  'full-class': 'jobs were ready, and no slot of their class was free',
  'executor-lost': 'a session ran out',
  'lease-adopted': 'an executor came back with a token that it held, and its lease went on',
  'held-without-lease': 'an executor listed a token without a lease, and its slots were taken',
  'slot-withdrawn': 'reclaiming ended by time',
  'reclaimed-by-callback': 'a terminal callback of a lease that was over freed its slots',
  'job-timed-out': 'an attempt was given up for its time',
  returned: 'an executor that drained gave its work back',
  'dispatch-repeated': 'an executor got a dispatch that it had seen',
  'submission-repeated': 'a submission came again and got the first answer',
  'callback-repeated': 'a terminal callback came again and got the first answer',
  'control-repeated': 'a control came again and got the first answer',
  'zombie-callback': 'a callback of a lease that was over was refused',
  'zombie-heartbeat': 'a heartbeat of an earlier incarnation was refused',
  'input-rejected': 'a submission was refused whole',
  'dag-reopened': 'a DAG that had ended was retried',
  'dag-forgotten': 'a DAG was forgotten',
  'executor-forgotten': 'an executor that was lost or had left was forgotten',
} as const;

export type Situation = keyof typeof SITUATIONS;

/** Which situations came up, and how often. */
export class Met {
  readonly counts = new Map<Situation, number>();

  note(situation: Situation): void {
    this.counts.set(situation, (this.counts.get(situation) ?? 0) + 1);
  }

  add(other: Met): void {
    for (const [situation, count] of other.counts) {
      this.counts.set(situation, (this.counts.get(situation) ?? 0) + count);
    }
  }

  /** Those that never came up, each with what it means. */
  missing(): string[] {
    return Object.entries(SITUATIONS)
      .filter(([situation]) => !this.counts.has(situation as Situation))
      .map(([situation, meaning]) => `${situation}: ${meaning}`);
  }
}

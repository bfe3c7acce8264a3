/** `marie replay why` on a history of ten million events, with an index beside it and snapshots along the way. */
import { openDagIndex, why } from '../replay/index.js';
import { boundOf, costs, functionsOf } from './support/bound.js';
import { callMarie } from './support/call.js';
import { DOCUMENT_JOBS, document } from './support/dags.js';
import { writeLongHistory } from './support/long-history.js';
import { profileSelf, summarise } from './support/profile.js';
import type { Bench } from './support/result.js';

const SNAPSHOTS = 100;
const QUESTIONS = 8;

export const replayWhy: Bench = {
  name: 'replay-why',
  summary: 'seconds of marie replay why on ten million events',
  async run(options) {
    const { data, history, details } = await writeLongHistory(options, SNAPSHOTS);
    options.note('replay-why: index');
    const began = performance.now();
    const { index } = await openDagIndex(history, { keep: 'always' });
    const secondsToIndex = Math.round(performance.now() - began) / 1_000;
    const { dags } = index;
    const { jobs } = document('any');
    const asked: { readonly dag: string; readonly job: string; readonly seconds: number }[] = [];
    for (let i = 1; i <= QUESTIONS; i++) {
      const dag = `d-${Math.floor((i * dags) / QUESTIONS) - 1}`;
      // From a page near the beginning to the last job of all, which ends as its DAG does.
      const job = jobs[Math.floor((i * DOCUMENT_JOBS) / QUESTIONS) - 1]!.id;
      options.note(`replay-why: ${dag} ${job}`);
      const { stdout, seconds } = await callMarie(['replay', 'why', data, dag, job, '--json']);
      const { attempts } = JSON.parse(stdout) as { readonly attempts: readonly unknown[] };
      if (attempts.length !== 1) throw new Error(`not explained: ${stdout}`);
      asked.push({ dag, job, seconds });
    }
    options.note('replay-why: profile');
    const slowest = asked.reduce((a, b) => (b.seconds > a.seconds ? b : a));
    const path = { tenant: document('any').tenant, dag: slowest.dag, job: slowest.job };
    const summary = summarise(
      await profileSelf(async () => {
        await why(history, path);
      }),
    );
    return {
      value: Math.max(...asked.map(({ seconds }) => seconds)),
      unit: 's',
      target: 1,
      better: 'lower',
      bound: boundOf('the one thread', summary),
      parts: costs(summary, 1),
      details: {
        ...details,
        asked,
        dags,
        secondsToIndex,
        functions: functionsOf(summary),
      },
    };
  },
};

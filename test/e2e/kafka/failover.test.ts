import { beforeEach, expect, it } from 'vitest';
import { whyNoNetwork } from '../../../bench/failover/network.js';
import { type Fault, Trial } from '../../../bench/failover/trial.js';
import { temporaryFolder } from '../../support/fabric/fabric.js';
import { needsKafka } from '../../support/kafka/shared.js';
import { LONG_MS } from '../../support/patience.js';

/** Rounds of each fault; the benchmark `failover` has fifty, and gives their times. */
const ROUNDS = 5;
const DOCUMENTS_PER_SECOND = 3;

beforeEach(async (context) => {
  needsKafka(context);
  const missing = await whyNoNetwork();
  if (missing === null) return;
  if (process.env.MARIE_REQUIRE_KAFKA === '1') throw new Error(missing);
  context.skip(missing);
});

it('three schedulers under load: the leader is killed, stands still, is cut off from the brokers, and resigns', {
  timeout: LONG_MS,
}, async () => {
  const trial = await Trial.start(temporaryFolder(), DOCUMENTS_PER_SECOND);
  try {
    for (const fault of ['kill', 'zombie', 'partition', 'graceful'] as const satisfies readonly Fault[]) {
      for (let round = 0; round < ROUNDS; round++) await trial.suffer(fault);
    }
    await trial.end();
    expect(trial.load.acknowledged.length).toBeGreaterThan(0);
    const [, dags] = /^\d+ turns, epoch \d+, (\d+) DAGs, .*, 0 problems$/.exec(await trial.verdict()) ?? [];
    expect(Number(dags)).toBe(trial.load.acknowledged.length);
  } finally {
    await trial.remove();
  }
});

/** What a read says of a DAG and of its jobs is of one turn, whenever the next one comes. */
import { afterEach, expect, it } from 'vitest';
import { FoldViews } from '../../../src/scheduler/views/fold-views.js';
import { type GatewayFixture, startGateway } from '../../support/gateway.js';
import { job, KernelBench } from '../../support/kernel/bench.js';

let gateway: GatewayFixture;

afterEach(() => gateway.close());

it.each(['', '/jobs'])('GET /v1/dags/{dag}%s', async (rest) => {
  const b = new KernelBench();
  b.register('e1');
  b.submit('d', [job('a')], { tenant: 'default' });
  const cold = { hold: () => () => undefined, knownSpec: () => b.cold.specs.get(1) };
  const at = {
    get turn() {
      return b.turn;
    },
  };
  const real = new FoldViews({ kernel: b.kernel, cold, at } as never);
  gateway = await startGateway();
  /** The job ends as soon as anything has been looked at. */
  const around = new Proxy(real, {
    get:
      (views, name) =>
      async (...given: unknown[]) => {
        const found = await Reflect.get(views, name).apply(views, given);
        if (b.turn === 2) b.completeLease(b.lease('d', 'a', 'default'));
        return found;
      },
  });
  for (const name of ['dag', 'jobs', 'dagWithJobs'] as const)
    Object.assign(gateway.views, { [name]: Reflect.get(around, name) });
  const answer = await fetch(`${gateway.url}/v1/dags/d${rest}`);
  expect(b.turn).toBe(3);
  expect(answer.headers.get('marie-turn')).toBe('2');
  expect(await answer.json()).toMatchObject({ jobs: [{ job: 'a', state: 'dispatched' }] });
});

/** How causes of late DAGs are told: their lengths, and what fan-outs waited for. */
import { expect, it } from 'vitest';
import { sla, why } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { duration } from '../../../src/cli/text/format.js';
import { fanOut, job } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';

/** The invoice comes at 10 s, takes 1 s, and is due 3 s later. */
const ARRIVES = 10_000;
const DUE = { deadlineAtMs: at(13_000) };
const INVOICE = { tenant: 'acme', dag: 'invoice' };

it('a cause is as long as the tables beside it say', async () => {
  const history = new Stage((dag) => (dag === 'giant' ? 956_000 : 1_000))
    .executor('e1', 1)
    .submit(9_000, 'giant', [job('page')])
    .submit(ARRIVES, 'invoice', [job('read')], DUE)
    .play();
  const { cause } = await sla(history, INVOICE);
  const { attempts } = await why(history, { ...INVOICE, job: 'read' });
  expect(cause).toContain(`${duration(955_000)}: `);
  expect(attempts[0]!.cause).toContain('15 min 55 s: ');
});

it('a DAG that begins with a fan-out is held: what that waited for is no lack of room in a turn', async () => {
  const history = new Stage((dag) => (dag === 'before' ? 9_000 : 1_000))
    .executor('e1', 4)
    .give(0, Code.SetTenantLimits, {
      tenant: 'acme',
      weight: 1,
      openDags: null,
      activeDags: 1,
      runnableJobs: null,
    })
    .submit(9_000, 'before', [job('read')])
    .submit(ARRIVES, 'invoice', [job('read', { estimateMs: 1_000, fanOut: fanOut(3) })], DUE)
    .play();
  const { blame, path } = await sla(history, INVOICE);
  expect(path.map(({ job: name, ms }) => [name, ms])).toEqual([['read[0]', 9_000]]);
  expect(blame).toMatchObject([{ kind: 'held-tenant-limit', on: 'active-dags', ms: 8_000 }]);
});

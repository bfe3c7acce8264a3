/** The cell, its classes and executors, and the controls of them. */
import { z } from 'zod';
import {
  capacitySchema,
  cellLimitsSchema,
  cellSchema,
  classSchema,
  EXECUTOR_STATES,
  executorSchema,
  tenantSchema,
} from '../../answers/schemas.js';
import type { ExecutorView } from '../../answers/types.js';
import { Code } from '../../catalogue/generated/codes.js';
import { CONTROL_BYTES, INT_MAX } from '../../edge/limits.js';
import { Refusal } from '../../edge/problems.js';
import { atMs, nameText, wholeNumber } from '../../edge/wire.js';
import { capacityOf } from '../capacity.js';
import { type Gateway, untilAccepted } from '../context.js';
import type { App } from '../deps.js';
import { parseBodies } from '../http/bodies.js';
import { about, control } from './controls.js';
import { cursorOf, numbersOfCursor, pageFields } from './query.js';
import { described, emptyBody, executorParams, limit } from './schemas.js';

const rate = z.strictObject({
  per: z.enum(['starts', 'units']),
  add: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  perMs: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  burst: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional().describe('What it holds at most; add where absent.'),
});

const classLimits = z.strictObject({
  maxSlots: wholeNumber(0, INT_MAX).nullish(),
  unitCost: wholeNumber(0, INT_MAX).default(0),
  shortReserve: wholeNumber(0, INT_MAX).nullish(),
  rates: z.array(rate).max(16).default([]),
});

const tenantLimits = z.strictObject({
  weight: wholeNumber(1, 1_000).default(1),
  openDags: wholeNumber(0, INT_MAX).nullish(),
  activeDags: wholeNumber(0, INT_MAX).nullish(),
  runnableJobs: wholeNumber(0, INT_MAX).nullish(),
});

const cellLimits = z.strictObject({
  knownJobs: limit,
  retainTerminalMs: limit,
  retainTerminalJobs: limit,
  retainExecutorsMs: limit,
});

export function cellReads(app: App, gateway: Gateway): void {
  const { views } = gateway.deps;
  const read = async <T>(look: () => T): Promise<T> => {
    const seen = look();
    await untilAccepted(gateway);
    return seen;
  };
  app.get('/v1/cell', described('cell', 'The cell', cellSchema), () => read(() => views.cell()));
  app.get(
    '/v1/classes',
    described('cell', 'Executor classes with their slots', z.object({ classes: z.array(classSchema) })),
    () => read(() => ({ classes: views.classes() })),
  );
  app.get(
    '/v1/executors',
    described('cell', 'Executors with their slots', z.object({ executors: z.array(executorSchema) }), {
      querystring: z.strictObject({ class: nameText.optional(), state: z.enum(EXECUTOR_STATES).optional() }),
    }),
    (request) => {
      const { class: executorClass, state } = request.query;
      const isMeant = (one: ExecutorView): boolean =>
        (executorClass === undefined || one.executorClass === executorClass) &&
        (state === undefined || one.state === state);
      return read(() => ({ executors: views.executors().filter(isMeant) }));
    },
  );
  app.get(
    '/v1/executors/:executor',
    described('cell', 'An executor', executorSchema, { params: executorParams }),
    (request) => {
      const { executor } = request.params;
      return read(() => {
        const found = views.executors().find((one) => one.executor === executor);
        if (found === undefined) throw new Refusal('unknown-executor', `no executor ${executor}`);
        return found;
      });
    },
  );
  app.get(
    '/v1/capacity',
    described(
      'cell',
      'What each class can do: slots / mean slot occupancy',
      z.object({ classes: z.array(capacitySchema), turn: z.int() }),
    ),
    () => read(() => ({ classes: views.classes().map(capacityOf), turn: views.cell().turn })),
  );
  limitReads(app, gateway, read);
}

type Read = <T>(look: () => T) => Promise<T>;

function limitReads(app: App, { deps }: Gateway, read: Read): void {
  const { views } = deps;
  app.get('/v1/cell/limits', described('cell', 'The limits of the cell', cellLimitsSchema), () =>
    read(() => views.cellLimits()),
  );
  app.get(
    '/v1/tenants',
    described(
      'cell',
      'Tenants with their weights and limits',
      z.object({ tenants: z.array(tenantSchema), next: z.string().nullable() }),
      { querystring: z.strictObject({ ...pageFields, cursor: cursorOf(1) }) },
    ),
    (request) => {
      const { cursor, limit } = request.query;
      const after = cursor === undefined ? 0 : (numbersOfCursor(cursor, 1)[0] ?? 0);
      return read(() => {
        const { items, next } = views.tenants(after, limit);
        return { tenants: items, next: next === null ? null : String(next) };
      });
    },
  );
  const params = z.strictObject({ tenant: nameText });
  app.get('/v1/tenants/:tenant', described('cell', 'A tenant', tenantSchema, { params }), (request) => {
    const { tenant } = request.params;
    return read(() => {
      const found = views.tenant(tenant);
      if (found === null) throw new Refusal('not-found', `nothing has named the tenant ${tenant} yet`);
      return found;
    });
  });
}

export function executorControls(app: App, gateway: Gateway): void {
  parseBodies(app, CONTROL_BYTES);
  const of = { params: executorParams, body: emptyBody };
  app.post(
    '/v1/executors/:executor/cordon',
    { schema: { ...about('Give an executor no more work', 'cell'), ...of } },
    (request) => control(gateway, request, Code.CordonExecutor, request.params),
  );
  app.post(
    '/v1/executors/:executor/uncordon',
    { schema: { ...about('Let an executor have work again', 'cell'), ...of } },
    (request) => control(gateway, request, Code.UncordonExecutor, request.params),
  );
  app.post(
    '/v1/executors/:executor/drain',
    {
      schema: {
        ...about(
          'Cordon an executor, and ask it to give its jobs back; of itself it says this with its incarnation',
          'cell',
        ),
        params: executorParams,
        body: z.strictObject({ incarnation: nameText.optional() }).nullish(),
      },
    },
    (request) => {
      const { executor } = request.params;
      return control(gateway, request, Code.DrainExecutor, {
        executor,
        incarnation: request.body?.incarnation ?? null,
      });
    },
  );
}

export function limitControls(app: App, gateway: Gateway): void {
  parseBodies(app, CONTROL_BYTES);
  const group = z.strictObject({ group: nameText, class: nameText });
  app.put(
    '/v1/classes/:group/:class/limits',
    { schema: { ...about('Limit a class; absent means no limit', 'cell'), params: group, body: classLimits } },
    (request) => {
      const { group, class: executorClass } = request.params;
      const { maxSlots, unitCost, shortReserve } = request.body;
      const rates = request.body.rates.map(({ burst, ...rest }) => ({ ...rest, burst: burst ?? rest.add }));
      const limits = { maxSlots: maxSlots ?? null, unitCost, shortReserve: shortReserve ?? null, rates };
      return control(gateway, request, Code.SetClassLimits, { group, executorClass, ...limits });
    },
  );
  const tenant = z.strictObject({ tenant: nameText });
  app.put(
    '/v1/tenants/:tenant/limits',
    {
      schema: {
        ...about('Limit and weigh a tenant; absent means the default', 'cell'),
        params: tenant,
        body: tenantLimits,
      },
    },
    (request) => {
      const { weight, openDags, activeDags, runnableJobs } = request.body;
      const counts = { openDags: openDags ?? null, activeDags: activeDags ?? null, runnableJobs: runnableJobs ?? null };
      return control(gateway, request, Code.SetTenantLimits, { ...request.params, weight, ...counts });
    },
  );
  app.put(
    '/v1/cell/limits',
    { schema: { ...about('Limit the cell; absent means the default', 'cell'), body: cellLimits } },
    (request) => {
      const { knownJobs, retainTerminalMs, retainTerminalJobs, retainExecutorsMs } = request.body;
      return control(gateway, request, Code.SetCellLimits, {
        knownJobs: knownJobs ?? null,
        retainTerminalMs: retainTerminalMs ?? null,
        retainTerminalJobs: retainTerminalJobs ?? null,
        retainExecutorsMs: retainExecutorsMs ?? null,
      });
    },
  );
  app.put(
    '/v1/policy',
    { schema: { ...about("Change the planner's policy", 'cell'), body: z.strictObject({ policy: nameText }) } },
    (request) => control(gateway, request, Code.SetPolicy, request.body),
  );
  app.put(
    '/v1/cell/clock',
    { schema: { ...about('Follow a wall clock that has leapt', 'cell'), body: z.strictObject({ clockAtMs: atMs }) } },
    (request) => control(gateway, request, Code.AcceptClock, request.body),
  );
}

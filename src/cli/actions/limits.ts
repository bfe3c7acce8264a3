import type { ExecutorClass, LimitInForce, Rate, Tenant } from '../../client/index.js';
import { className } from '../../simulate/class-name.js';
import type { RemoteOptions } from '../arguments.js';
import { misuse } from '../exit.js';
import { suggest, withFabric } from '../remote.js';
import { all } from '../take.js';
import type { Io } from '../terminal/io.js';
import { duration, grouped } from '../text/format.js';
import { sh } from '../text/shell.js';
import { type Column, type ColumnOf, tableOf, tableText } from '../text/table.js';
import { control } from './controls.js';

const COLUMNS: readonly Column[] = [
  { title: 'of' },
  { title: 'what' },
  { title: 'used', right: true },
  { title: 'limit', right: true },
];

/** `marie limits`: all of them, with what is used. */
export async function limits(io: Io, options: RemoteOptions): Promise<void> {
  const [cell, classes, tenants] = await withFabric(options, async ({ operations }) => {
    return Promise.all([operations.cellLimits(), operations.classes(), all(operations.tenants())]);
  });
  const limited = classes.map(({ group, executorClass, maxSlots, slotsReserved, slotsReclaiming, rates }) => {
    return { group, executorClass, maxSlots, slotsReserved, slotsReclaiming, rates };
  });
  io.emit('limits', { cell, classes: limited, tenants }, (shown) =>
    tableText(io, COLUMNS, [
      ...rowsOf('cell', { ...shown.cell }),
      ...shown.classes.flatMap(classRows),
      ...shown.tenants.flatMap(({ tenant, openDags, activeDags, runnableJobs }) => {
        return rowsOf(`tenant ${tenant}`, { openDags, activeDags, runnableJobs });
      }),
    ]),
  );
  // The command names its tenant itself: an option would not say whose limits it sets.
  const { url, tenant } = options;
  suggest(io, { url }, sh`marie tenants limit ${tenant} --open-dags 1000`, 'sets one');
}

type LimitedClass = Pick<
  ExecutorClass,
  'group' | 'executorClass' | 'slotsReserved' | 'slotsReclaiming' | 'maxSlots' | 'rates'
>;

function rowsOf(of: string, found: Readonly<Record<string, LimitInForce>>): readonly (readonly string[])[] {
  return Object.entries(found).map(([name, { used, limit }]) => [
    of,
    nameText(name),
    grouped(used),
    name.endsWith('Ms') ? duration(limit) : grouped(limit),
  ]);
}

/** Slots that are reclaiming count against the limit, too. */
function classRows({ group, executorClass, slotsReserved, slotsReclaiming, maxSlots, rates }: LimitedClass) {
  const of = `class ${className(group, executorClass)}`;
  return [
    [of, 'slots', grouped(slotsReserved + slotsReclaiming), grouped(maxSlots)],
    ...rates.map(({ per, add, perMs, burst, tokens }) => [
      of,
      `${grouped(add)} ${per} in ${duration(perMs)}`,
      grouped(burst - tokens),
      grouped(burst),
    ]),
  ];
}

/** knownJobs -> known jobs, retainTerminalMs -> retain terminal */
function nameText(name: string): string {
  return name.replace(/Ms$/, '').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** `marie tenants list`. */
export async function listTenants(io: Io, options: RemoteOptions): Promise<void> {
  const tenants = await withFabric(options, ({ operations }) => all(operations.tenants()));
  io.emit('tenants', { tenants }, (shown) => tableOf(io, TENANT_COLUMNS, shown.tenants));
}

const TENANT_COLUMNS: readonly ColumnOf<Tenant>[] = [
  { title: 'tenant', cell: ({ tenant }) => tenant },
  { title: 'weight', right: true, cell: ({ weight }) => String(weight) },
  { title: 'open DAGs', right: true, cell: ({ openDags }) => ofLimit(openDags) },
  { title: 'active', right: true, cell: ({ activeDags }) => ofLimit(activeDags) },
  { title: 'held', right: true, cell: ({ heldDags }) => grouped(heldDags) },
  { title: 'runnable jobs', right: true, cell: ({ runnableJobs }) => ofLimit(runnableJobs) },
];

function ofLimit({ used, limit }: LimitInForce): string {
  return limit === null ? grouped(used) : `${grouped(used)}/${grouped(limit)}`;
}

/** A limit of the command line; a word takes it away. */
type Given<W extends string> = number | W | undefined;

/** What was given, else what somebody has set, else nothing, which means the default. */
function kept(given: Given<'default'>, known: LimitInForce): number | null {
  if (given === undefined) return known.isDefault ? null : known.limit;
  return given === 'default' ? null : given;
}

interface CellOptions extends RemoteOptions {
  readonly knownJobs?: Given<'default'>;
  readonly retainMs?: Given<'default'>;
  readonly retainJobs?: Given<'default'>;
  readonly retainExecutorsMs?: Given<'default'>;
}

/** `marie cell limit`: the fabric sets all limits at once, so the others are read first. */
export function limitCell(io: Io, options: CellOptions): Promise<void> {
  const { knownJobs, retainMs, retainJobs, retainExecutorsMs } = options;
  needOne([knownJobs, retainMs, retainJobs, retainExecutorsMs]);
  return control(io, options, 'limits of the cell set', async ({ operations }) => {
    const known = await operations.cellLimits();
    return operations.setCellLimits({
      knownJobs: kept(knownJobs, known.knownJobs),
      retainTerminalMs: kept(retainMs, known.retainTerminalMs),
      retainTerminalJobs: kept(retainJobs, known.retainTerminalJobs),
      retainExecutorsMs: kept(retainExecutorsMs, known.retainExecutorsMs),
    });
  });
}

interface ClassOptions extends RemoteOptions {
  readonly group: string;
  readonly maxSlots?: Given<'none'>;
  readonly unitCost?: number;
  readonly shortReserve?: Given<'default'>;
  readonly rate: readonly (Rate | 'none')[];
}

/** `marie classes limit`. */
export function limitClass(io: Io, name: string, options: ClassOptions): Promise<void> {
  const { group, maxSlots, unitCost, shortReserve, rate } = options;
  needOne([maxSlots, unitCost, shortReserve, rate[0]]);
  return control(io, options, `limits of class ${name} set`, async ({ operations }) => {
    const known = (await operations.classes()).find((one) => one.group === group && one.executorClass === name);
    return operations.setClassLimits(group, name, {
      maxSlots: maxSlots === 'none' ? null : (maxSlots ?? known?.maxSlots ?? null),
      unitCost: unitCost ?? known?.unitCost ?? 0,
      shortReserve: shortReserve === 'default' ? null : (shortReserve ?? known?.shortReserve ?? null),
      rates: rate.length === 0 ? (known?.rates ?? []).map(bare) : rate.filter((one) => one !== 'none'),
    });
  });
}

/** A rate without what its bucket has now. */
function bare({ per, add, perMs, burst }: Required<Rate>): Rate {
  return { per, add, perMs, burst };
}

interface TenantOptions extends RemoteOptions {
  readonly weight?: number;
  readonly openDags?: Given<'default'>;
  readonly activeDags?: Given<'default'>;
  readonly runnableJobs?: Given<'default'>;
}

/** `marie tenants limit`. */
export function limitTenant(io: Io, name: string, options: TenantOptions): Promise<void> {
  const { weight, openDags, activeDags, runnableJobs } = options;
  needOne([weight, openDags, activeDags, runnableJobs]);
  return control(io, options, `limits of tenant ${name} set`, async ({ operations }) => {
    const known = (await all(operations.tenants())).find(({ tenant }) => tenant === name) ?? UNKNOWN;
    return operations.setTenantLimits(name, {
      weight: weight ?? known.weight,
      openDags: kept(openDags, known.openDags),
      activeDags: kept(activeDags, known.activeDags),
      runnableJobs: kept(runnableJobs, known.runnableJobs),
    });
  });
}

const DEFAULT: LimitInForce = { limit: null, used: null, isDefault: true };

/** A tenant that nothing has named yet. */
const UNKNOWN = { weight: 1, openDags: DEFAULT, activeDags: DEFAULT, runnableJobs: DEFAULT };

function needOne(given: readonly unknown[]): void {
  if (given.some((value) => value !== undefined)) return;
  const todo = 'Name a limit; `--help` lists them.';
  throw misuse('no limit is named', { where: 'the command line', todo });
}

/** Limits and policy of the configuration: controls like any others, set when the fabric starts or begins to lead. */
import type { ClassView, LimitView } from '../answers/types.js';
import { sealInput } from '../catalogue/codec.js';
import { Code } from '../catalogue/generated/codes.js';
import type { InputEntry } from '../catalogue/generated/types.js';
import { Senders } from '../edge/seal.js';
import { DEFAULT_POLICY } from '../kernel/limits.js';
import type { Views } from '../scheduler/views/port.js';
import { systemClocks, systemIds } from './adapters/system.js';
import { ConfigError, type FabricConfig } from './config/config.js';
import type { ServingFabric } from './serving.js';
import type { FabricLog } from './telemetry.js';

/** What a configuration sets of the scheduler. */
type Settings = Pick<FabricConfig, 'file' | 'classes' | 'tenants' | 'retention' | 'knownJobs' | 'policy'>;

/** A setting of the configuration that stands where somebody had set another one. */
export interface ReplacedSetting {
  /** As the configuration names it. */
  readonly setting: string;
  readonly was: unknown;
  readonly now: unknown;
}

/**
 * Sets what the configuration says, and tells the log what that replaces: at a restart or after a failover it takes back
 * what a command has set since. Throws `ConfigError` for what the scheduler refuses.
 */
export async function applySettings(
  fabric: Pick<ServingFabric, 'inbox' | 'views' | 'policy'>,
  settings: Settings,
  log?: Pick<FabricLog, 'warn'>,
): Promise<void> {
  const replaced = replacedBy(settings, fabric.views, fabric.policy());
  const inputs = controlsOf(settings, fabric.policy());
  const answers = await Promise.all(inputs.map((input) => fabric.inbox.put(input)));
  const refused = answers.flatMap(({ events }) => {
    return events.flatMap((event) => (event.code === Code.InputRefused ? event.body.problems : []));
  });
  // Places in a control have the names of the settings.
  const problems = refused.map(({ path, detail }) => ({ path: path.slice(1).replaceAll('/', '.'), detail }));
  if (problems.length > 0) throw new ConfigError(settings.file, problems);
  for (const setting of replaced) log?.warn(setting, 'a setting of the configuration replaces another');
}

function controlsOf(settings: Settings, policy: string): readonly InputEntry[] {
  const inputs: InputEntry[] = [];
  const senders = new Senders(systemIds, systemClocks, null);
  for (const { class: executorClass, ...limits } of settings.classes) {
    inputs.push(sealInput(Code.SetClassLimits, senders.next(), { ...limits, executorClass }));
  }
  for (const limits of settings.tenants) inputs.push(sealInput(Code.SetTenantLimits, senders.next(), limits));
  const limits = cellLimitsOf(settings);
  if (limits !== null) inputs.push(sealInput(Code.SetCellLimits, senders.next(), limits));
  if (settings.policy !== undefined && settings.policy !== policy) {
    inputs.push(sealInput(Code.SetPolicy, senders.next(), { policy: settings.policy }));
  }
  return inputs;
}

/** Limits of the cell, which are set together; null when the configuration has none. */
function cellLimitsOf({ knownJobs, retention: { terminalMs, terminalJobs, executorsMs } }: Settings) {
  const limits = {
    knownJobs,
    retainTerminalMs: terminalMs,
    retainTerminalJobs: terminalJobs,
    retainExecutorsMs: executorsMs,
  };
  return Object.values(limits).some((limit) => limit !== null) ? limits : null;
}

/** What somebody has set and the configuration sets otherwise; what nobody had set is not replaced. */
function replacedBy(settings: Settings, views: Views, policy: string): readonly ReplacedSetting[] {
  const found: ReplacedSetting[] = [];
  const compare = (place: string, was: object, now: object): void => {
    const before = new Map(Object.entries(was));
    for (const [field, value] of Object.entries(now)) {
      const old = before.get(field);
      if (isUnset(field, old) || JSON.stringify(old) === JSON.stringify(value)) continue;
      found.push({ setting: `${place}${field}`, was: old, now: value });
    }
  };
  const classes = settings.classes.length === 0 ? [] : views.classes();
  for (const { class: name, group, ...limits } of settings.classes) {
    const known = classes.find((one) => one.executorClass === name && one.group === group);
    const place = group === 'default' ? name : `${group}/${name}`;
    if (known !== undefined) compare(`classes.${place}.`, { ...known, rates: known.rates.map(bare) }, limits);
  }
  for (const { tenant, ...limits } of settings.tenants) {
    const known = views.tenant(tenant);
    if (known !== null) compare(`tenants.${tenant}.`, { ...setOf(known), weight: known.weight }, limits);
  }
  if (cellLimitsOf(settings) !== null) {
    const { knownJobs, ...kept } = setOf(views.cellLimits());
    const { retainTerminalMs: terminalMs, retainTerminalJobs: terminalJobs, retainExecutorsMs: executorsMs } = kept;
    compare('', { knownJobs }, { knownJobs: settings.knownJobs });
    compare('retention.', { terminalMs, terminalJobs, executorsMs }, settings.retention);
  }
  if (settings.policy !== undefined) compare('', { policy }, { policy: settings.policy });
  return found;
}

/** Whether a field has what it has when nobody has set it. */
function isUnset(field: string, value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === null || value === undefined || value === UNSET[field];
}

const UNSET: Readonly<Record<string, unknown>> = { weight: 1, unitCost: 0, policy: DEFAULT_POLICY };

/** A rate without what its bucket holds. */
function bare({ per, add, perMs, burst }: ClassView['rates'][number]) {
  return { per, add, perMs, burst };
}

/** Limits as they were set; null where the default holds. */
function setOf(limits: object): Readonly<Record<string, number | null>> {
  const entries = Object.entries(limits).filter((entry): entry is [string, LimitView] => isLimit(entry[1]));
  return Object.fromEntries(entries.map(([name, { limit, isDefault }]) => [name, isDefault ? null : limit]));
}

function isLimit(value: unknown): value is LimitView {
  return typeof value === 'object' && value !== null && 'isDefault' in value;
}

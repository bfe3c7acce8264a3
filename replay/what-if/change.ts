/** What is different in a counterfactual history, and what that makes of the recorded inputs. */

import { inputOf } from '../../src/catalogue/caused.js';
import { sealInput } from '../../src/catalogue/codec.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import type {
  EntryOf,
  InputEntry,
  RegisterExecutor,
  SetTenantLimits,
  SubmitDag,
  TurnRecord,
} from '../../src/catalogue/generated/types.js';
import { madeOnce } from '../../src/catalogue/made-once.js';
import { MAX_EXECUTOR_SLOTS, MAX_WEIGHT } from '../../src/kernel/limits.js';
import { policyFactory, unknownPolicy } from '../../src/kernel/policy/index.js';
import { className } from '../../src/simulate/class-name.js';
import { NotInHistory } from '../not-in-history.js';
import type { WhichDag } from '../same-id.js';

export { MAX_WEIGHT };

/** A DAG by its names. */
export interface DagPath {
  readonly tenant: string;
  readonly dag: string;
}

export interface Change {
  /** The policy from the first turn on; recorded changes of policy are left out. */
  readonly policy?: string;
  /** Slots that a class has in all where the history had the most; each executor keeps its share of them. */
  readonly slots?: Readonly<Record<string, number>>;
  /** Weights of tenants from the first turn on; recorded ones are left out. */
  readonly weights?: Readonly<Record<string, number>>;
  /** DAGs that are never submitted. */
  readonly without?: readonly DagPath[];
  /** A DAG that is submitted so much earlier, in ms. */
  readonly earlier?: WhichDag & { readonly ms: number };
}

/** A change that no fabric would take, or one of something that the history doesn't have. */
export class ImpossibleChange extends RangeError {
  override readonly name = 'ImpossibleChange';
  readonly code = 'usage';
}

/** The most slots that a class had at a time, with its executors in the order in which they came. */
interface Capacity {
  total: number;
  most: number;
  /** For each executor and number of slots: where its share begins, over all executors that ever registered. */
  readonly shares: Map<string, number>;
  end: number;
  /** The most slots that one executor offered. */
  largest: number;
}

/** Rewrites the inputs of a history by a change. */
export class Rewriting {
  readonly #classes = new Map<string, Capacity>();
  /** Executors that are there, by their numbers. */
  readonly #there = new Map<number, { readonly capacity: Capacity; readonly slots: number }>();
  /** Those of submissions, whatever became of them. */
  readonly #tenants = new Set<string>();
  /** Those that have a number, in the order of their numbers. */
  readonly #numbered = new Set<string>();
  readonly #weights: ReadonlyMap<string, number>;
  readonly #slots: ReadonlyMap<string, number>;

  constructor(private readonly change: Change) {
    if (change.policy !== undefined && policyFactory(change.policy) === null) {
      throw new ImpossibleChange(unknownPolicy(change.policy));
    }
    this.#slots = new Map(Object.entries(change.slots ?? {}));
    this.#weights = new Map(Object.entries(change.weights ?? {}));
    for (const [tenant, weight] of this.#weights) {
      if (Number.isInteger(weight) && weight >= 1 && weight <= MAX_WEIGHT) continue;
      throw new ImpossibleChange(`the weight of a tenant is 1 to ${MAX_WEIGHT}, not ${weight} (${tenant})`);
    }
  }

  /** Looks at a turn before anything is rewritten: how many slots classes have. */
  look({ entries }: TurnRecord): void {
    for (const entry of entries) {
      switch (entry.code) {
        case Code.RegisterExecutor:
          this.#offered(entry.body);
          break;
        case Code.ExecutorRegistered:
          this.#registered(entry.body.executor, inputOf(Code.RegisterExecutor, entry, entries));
          break;
        case Code.ExecutorLost:
        case Code.ExecutorDeregistered:
          this.#left(entry.body.executor);
          break;
        case Code.SubmitDag:
          this.#tenants.add(entry.body.tenant);
          break;
        case Code.DagAccepted:
        case Code.TenantLimitsChanged:
          this.#numbered.add((entries[entry.cause]!.body as SubmitDag | SetTenantLimits).tenant);
          break;
        default:
      }
    }
  }

  /** All turns have been looked at. Throws when the change names a class or a tenant that isn't there. */
  looked(): void {
    for (const name of this.#weights.keys()) {
      if (!this.#tenants.has(name)) throw new NotInHistory(`the history has no DAG of tenant ${name}`);
    }
    for (const [name, wanted] of this.#slots) {
      if (!this.#classes.has(name)) {
        const there = [...this.#classes.keys()].join(', ');
        throw new NotInHistory(`the history has no executor of class ${name}; there are ${there}`);
      }
      if (this.slotsOf(name) === 0) throw new ImpossibleChange(`no executor of class ${name} had a slot`);
      const most = this.mostSlotsOf(name);
      if (wanted <= most) continue;
      const limit = `an executor has at most ${MAX_EXECUTOR_SLOTS}`;
      throw new ImpossibleChange(`the executors of class ${name} can have ${most} slots, not ${wanted}: ${limit}`);
    }
  }

  /** The most slots that a class had at a time; 0 when it had none. */
  slotsOf(name: string): number {
    return this.#classes.get(name)?.most ?? 0;
  }

  /** The most slots that a class can be given: no executor's share of them is more than it may offer. */
  mostSlotsOf(name: string): number {
    const { most = 0, largest = 0 } = this.#classes.get(name) ?? {};
    return largest === 0 ? 0 : Math.floor((MAX_EXECUTOR_SLOTS * most) / largest);
  }

  /** What is set before anything else. */
  first(at: number): readonly InputEntry[] {
    const { policy } = this.change;
    const inputs: InputEntry[] = [];
    const sender = { receivedAtMs: at, principal: null, traceparent: null };
    if (policy !== undefined) {
      inputs.push(sealInput(Code.SetPolicy, { ...sender, inputId: 'what-if-policy' }, { policy }));
    }
    for (const tenant of this.#tenantsToWeigh()) {
      const weight = this.#weights.get(tenant) ?? 1;
      const body = { tenant, weight, openDags: null, activeDags: null, runnableJobs: null };
      const inputId = `what-if-weight-${tenant}`;
      inputs.push(sealInput(Code.SetTenantLimits, { ...sender, inputId }, body));
    }
    return inputs;
  }

  /**
   * Tenants in the order of their numbers, up to the last one that gets a weight. Whoever is named first gets the lower
   * number, by which the planner decides between equals: so those before it are named, too.
   */
  #tenantsToWeigh(): readonly string[] {
    const tenants = [...new Set([...this.#numbered, ...this.#weights.keys()])];
    return tenants.slice(0, tenants.findLastIndex((tenant) => this.#weights.has(tenant)) + 1);
  }

  /** An input as it is under the change; null: it isn't there. */
  apply(input: InputEntry): InputEntry | null {
    const { policy, without = [] } = this.change;
    switch (input.code) {
      case Code.SetPolicy:
        return policy === undefined ? input : null;
      case Code.SetTenantLimits: {
        const weight = this.#weights.get(input.body.tenant);
        return weight === undefined ? input : { ...input, body: { ...input.body, weight } };
      }
      case Code.RegisterExecutor:
        return this.#resized(input);
      case Code.SubmitDag: {
        const { tenant, dagId } = input.body;
        return without.some((path) => path.dag === dagId && path.tenant === tenant) ? null : input;
      }
      default:
        return input;
    }
  }

  /** How much earlier an input comes, in ms. */
  earlierMs(input: InputEntry): number {
    const { earlier } = this.change;
    if (earlier === undefined || input.code !== Code.SubmitDag) return 0;
    return input.body.dagId === earlier.dag && input.body.tenant === earlier.tenant ? earlier.ms : 0;
  }

  #offered(body: RegisterExecutor): void {
    const capacity = this.#capacityOf(body);
    const key = shareKey(body);
    if (capacity.shares.has(key)) return;
    capacity.shares.set(key, capacity.end);
    capacity.end += body.slots;
    capacity.largest = Math.max(capacity.largest, body.slots);
  }

  #registered(seq: number, body: RegisterExecutor): void {
    this.#left(seq);
    const capacity = this.#capacityOf(body);
    const { slots } = body;
    this.#there.set(seq, { capacity, slots });
    capacity.total += slots;
    capacity.most = Math.max(capacity.most, capacity.total);
  }

  #left(seq: number): void {
    const executor = this.#there.get(seq);
    if (executor === undefined) return;
    executor.capacity.total -= executor.slots;
    this.#there.delete(seq);
  }

  #capacityOf({ group, executorClass }: RegisterExecutor): Capacity {
    const none = () => ({ total: 0, most: 0, shares: new Map(), end: 0, largest: 0 });
    return madeOnce(this.#classes, className(group, executorClass), none);
  }

  /** Shares are cut from one long line of slots, so that what is rounded off one executor comes to the next. */
  #resized(input: EntryOf<typeof Code.RegisterExecutor>): InputEntry {
    const { body } = input;
    const name = className(body.group, body.executorClass);
    const wanted = this.#slots.get(name);
    const capacity = this.#classes.get(name);
    if (wanted === undefined || capacity === undefined) return input;
    const begin = capacity.shares.get(shareKey(body))!;
    const scaled = (place: number): number => Math.floor((place * wanted) / capacity.most);
    return { ...input, body: { ...body, slots: scaled(begin + body.slots) - scaled(begin) } };
  }
}

function shareKey({ executor, slots }: RegisterExecutor): string {
  return `${slots} ${executor}`;
}

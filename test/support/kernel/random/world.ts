import { Code } from '../../../../src/catalogue/generated/codes.js';
import type { AnyEntry, InputEntry, LeaseRef, Rate, SubmitDag } from '../../../../src/catalogue/generated/types.js';
import { BLOB, cellLimits, classLimits, fanOut, input, job, json, registration, retry, submission } from '../build.js';
import type { Command, DagShape } from './commands.js';
import { CLASSES, jobsOf } from './jobs.js';

/** An executor as it is outside: what it really runs, whatever the fabric believes. */
interface Executor {
  readonly id: string;
  incarnation: number;
  /** Slots that it has; and those that the fabric knows of, in the class that it knows. */
  slots: number;
  known: number;
  executorClass: string;
  readonly running: Map<number, { readonly lease: LeaseRef; readonly slots: number; acknowledged?: boolean }>;
}

type Named = { readonly id: string; readonly incarnation: string };

/**
 * The world around the fabric: those who submit and control, and executors that run what is dispatched to them. It knows
 * only what accepted turns say, and turns commands into inputs.
 */
export class World {
  readonly executors = new Map<string, Executor>();
  private readonly names = new Map<number, Named>();
  /** Inputs that were sent and may come again. */
  private readonly sent: InputEntry[] = [];
  private readonly finished: LeaseRef[] = [];
  private readonly dags: SubmitDag[] = [];
  private readonly leases = new Map<number, Named & { readonly lease: LeaseRef }>();
  private submissions = 0;

  /** What the accepted turn's events mean outside. */
  observe(entries: readonly AnyEntry[]): void {
    for (const entry of entries) {
      if ('envelope' in entry) {
        if (entry.code === Code.SubmitDag) this.dags.push(entry.body);
        continue;
      }
      if (entry.code === Code.ExecutorRegistered) this.noteName(entry.body.executor, entries[entry.cause]);
      if (entry.code === Code.ExecutorResized) this.resize(entry.body.executor, entry.body.slots);
      if (entry.code === Code.LeaseGranted) this.noteLease(entry.body);
      if (entry.code === Code.SlotReserved) this.begin(entry.body.token, entry.body.slots);
    }
  }

  private noteName(seq: number, cause: AnyEntry | undefined): void {
    if (cause?.code !== Code.RegisterExecutor) return;
    const { executor: id, incarnation, executorClass } = cause.body;
    this.names.set(seq, { id, incarnation });
    const executor = this.executors.get(id);
    if (executor !== undefined) executor.executorClass = executorClass;
  }

  private resize(seq: number, slots: number): void {
    const executor = this.executors.get(this.names.get(seq)!.id);
    if (executor !== undefined) executor.known = slots;
  }

  private noteLease(body: LeaseRef & { readonly executor: number }): void {
    const { dag, job: index, attempt, token } = body;
    this.leases.set(token, { ...this.names.get(body.executor)!, lease: { dag, job: index, attempt, token } });
  }

  /**
   * An executor begins what is dispatched to it, unless it has restarted meanwhile: then the dispatch reaches nobody. No
   * slot ever gets a second job before its first has stopped (I5).
   */
  private begin(token: number, slots: number): void {
    const { id, incarnation, lease } = this.leases.get(token)!;
    const executor = this.executors.get(id)!;
    if (incarnation !== `${id}-${executor.incarnation}`) return;
    let used = slots;
    for (const other of executor.running.values()) used += other.slots;
    if (used > executor.known) throw new Error(`${id} has ${executor.known} slots and is given work for ${used}`);
    executor.running.set(token, { lease, slots });
  }

  /** The inputs and shell events that a command stands for. */
  inputsOf(command: Command, at: number): readonly InputEntry[] {
    switch (command.do) {
      case 'submit':
        return [input(Code.SubmitDag, this.submission(command, at))];
      case 'register':
        return this.keep([this.register(command)]);
      case 'heartbeat':
      case 'deregister':
      case 'cordon':
      case 'uncordon':
      case 'drain':
        return this.executorInput(command.do, `e${command.executor}`);
      case 'callback':
        return this.callback(command.pick, command.how, command.output);
      case 'again':
        return this.sent.length === 0 ? [] : [this.sent[command.pick % this.sent.length]!];
      case 'forge':
        return this.forge(command.pick, command.what);
      case 'control':
        return this.keep(this.control(command, at));
      case 'setting':
        return this.keep([setting(command.what, command.pick, at)]);
      default:
        return [];
    }
  }

  /** Any input may come again. */
  private keep(inputs: InputEntry[]): InputEntry[] {
    this.sent.push(...inputs);
    return inputs;
  }

  private submission(shape: DagShape, at: number): SubmitDag {
    const jobs = jobsOf(shape);
    this.submissions += 1;
    return submission(`d${shape.id}`, jobs, {
      idempotencyKey: shape.key < 0 ? `k${this.submissions}` : `same${shape.key}`,
      tenant: TENANTS[shape.tenant]!,
      priority: shape.priority,
      failurePolicy: shape.continues ? 'continue' : 'fail_fast',
      deadlineAtMs: shape.deadlineMs === 0 ? null : at + shape.deadlineMs,
      hardDeadlineAtMs: shape.hardDeadlineMs === 0 ? null : at + shape.hardDeadlineMs,
      onHardDeadline: shape.demote ? 'demote' : 'fail',
    });
  }

  private register(command: Extract<Command, { do: 'register' }>): InputEntry {
    const id = `e${command.executor}`;
    let executor = this.executors.get(id);
    if (executor === undefined) {
      executor = { id, incarnation: 1, slots: command.slots, known: 0, executorClass: '', running: new Map() };
      this.executors.set(id, executor);
    } else if (command.restarts) executor.incarnation += 1;
    executor.slots = command.slots;
    const executorClass = this.classFor(executor, command);
    this.keepOnly(executor, command.lists, command.restarts);
    const held = [...executor.running.values()].map(({ lease, slots }) => ({ lease, slots }));
    const done = this.finished[this.finished.length - 1];
    if (command.lists === 'strange' && done !== undefined) held.push({ lease: done, slots: 1 });
    return input(
      Code.RegisterExecutor,
      registration(id, {
        incarnation: `${id}-${executor.incarnation}`,
        executorClass,
        slots: command.slots,
        sessionMs: command.sessionMs,
        held,
      }),
    );
  }

  /** A process that works keeps its class: a refused registration changes nothing, and it would work on. */
  private classFor({ running, executorClass }: Executor, command: Extract<Command, { do: 'register' }>): string {
    const isAtWork = !command.restarts && running.size > 0;
    return isAtWork ? executorClass : CLASSES[command.executorClass]!;
  }

  /** What it does not list it does not run; it stops nothing that it has not even acknowledged, unless it restarts. */
  private keepOnly(executor: Executor, lists: 'all' | 'half' | 'none' | 'strange', restarts: boolean): void {
    let n = 0;
    for (const [token, { acknowledged }] of [...executor.running]) {
      if (!restarts && acknowledged !== true) continue;
      n += 1;
      if (lists === 'none' || (lists === 'half' && n % 2 === 0)) executor.running.delete(token);
    }
  }

  private executorInput(what: 'heartbeat' | 'deregister' | 'cordon' | 'uncordon' | 'drain', id: string): InputEntry[] {
    const executor = this.executors.get(id);
    const incarnation = `${id}-${executor?.incarnation ?? 1}`;
    switch (what) {
      case 'heartbeat':
        return [input(Code.Heartbeat, { executor: id, incarnation })];
      case 'deregister':
        executor?.running.clear();
        if (executor !== undefined) executor.incarnation += 1;
        return [input(Code.DeregisterExecutor, { executor: id, incarnation })];
      case 'cordon':
        return [input(Code.CordonExecutor, { executor: id })];
      case 'uncordon':
        return [input(Code.UncordonExecutor, { executor: id })];
      default:
        return [input(Code.DrainExecutor, { executor: id, incarnation: executor?.slots === 2 ? incarnation : null })];
    }
  }

  /** All that is running somewhere, in a fixed order. */
  running(): { readonly executor: Executor; readonly lease: LeaseRef }[] {
    const found: { executor: Executor; lease: LeaseRef }[] = [];
    for (const executor of this.executors.values()) {
      for (const { lease } of executor.running.values()) found.push({ executor, lease });
    }
    return found;
  }

  callback(pick: number, how: Extract<Command, { do: 'callback' }>['how'], output: number): InputEntry[] {
    const running = this.running();
    if (running.length === 0) return [];
    const { executor, lease } = running[pick % running.length]!;
    if (how === 'acknowledge') executor.running.get(lease.token)!.acknowledged = true;
    if (how === 'acknowledge') return [input(Code.AcknowledgeDispatch, { lease })];
    if (how === 'progress') return [input(Code.ReportProgress, { lease, permille: output * 300, message: null })];
    executor.running.delete(lease.token);
    this.finished.push(lease);
    const sent = terminal(lease, how, output);
    this.sent.push(sent);
    return [sent];
  }

  private forge(pick: number, what: 'token' | 'dag'): InputEntry[] {
    const known = [...this.leases.values()];
    if (known.length === 0) return [];
    const { lease } = known[pick % known.length]!;
    const wrong = { ...lease };
    if (what === 'token') wrong.token += 1_000_000;
    if (what === 'dag') wrong.dag += 1;
    return [terminal(wrong, 'complete', 0)];
  }

  private control(command: Extract<Command, { do: 'control' }>, at: number): InputEntry[] {
    const { pick } = command;
    const dag = this.dags[command.dag % Math.max(1, this.dags.length)];
    const name = { tenant: dag?.tenant ?? 'acme', dagId: dag?.dagId ?? 'unknown' };
    const jobs = dag?.jobs ?? [];
    const spec = jobs[pick % Math.max(1, jobs.length)];
    const jobName =
      spec === undefined ? 'unknown' : spec.fanOut !== null && pick % 3 > 0 ? `${spec.id}[${pick % 4}]` : spec.id;
    switch (command.what) {
      case 'cancel':
        return [input(Code.CancelDag, { ...name, reason: '' })];
      case 'pause':
        return [input(Code.PauseDag, name)];
      case 'resume':
        return [input(Code.ResumeDag, name)];
      case 'retry':
        return [input(Code.RetryDag, name)];
      case 'cancel-job':
        return [input(Code.CancelJob, { ...name, job: jobName, reason: '' })];
      case 'retry-job':
        return [input(Code.RetryJob, { ...name, job: jobName })];
      case 'signal': {
        const signals = jobs.filter((candidate) => candidate.kind === 'signal');
        const signal = signals[pick % Math.max(1, signals.length)]?.id ?? 'none';
        return [input(Code.ResolveSignal, { ...name, signal, output: pick % 2 === 0 ? null : json({ n: 2 }) })];
      }
      case 'reprioritize':
        return [input(Code.ReprioritizeDag, { ...name, priority: (pick % 3) - 1 })];
      default:
        return [
          input(Code.SetDeadline, {
            ...name,
            deadlineAtMs: [null, at, at + 5000][pick % 3]!,
            hardDeadlineAtMs: [null, at + 9000][pick % 2]!,
          }),
        ];
    }
  }

  /** Inputs for turns that are taken back again. */
  strangers(n: number): InputEntry[] {
    const shape = { executorClass: CLASSES[n % 2]!, retry: retry(2) };
    const { dags } = this;
    const known = dags[(n * 7) % Math.max(1, dags.length)];
    const jobs = [job('a', shape), job('b', { ...shape, after: ['a'], fanOut: fanOut(2) })];
    const found = [input(Code.SubmitDag, submission(`s${n}`, jobs))];
    if (known !== undefined)
      found.push(input(Code.CancelDag, { tenant: known.tenant, dagId: known.dagId, reason: '' }));
    return [...found, ...this.running().map(({ lease }) => terminal(lease, n % 2 === 0 ? 'fail' : 'complete', 1))];
  }

  /** Operators and executors relent: limits are lifted, every executor is there and large, every DAG may go on. */
  relent(): InputEntry[] {
    const found = [
      ...TENANTS.map((tenant) =>
        input(Code.SetTenantLimits, { tenant, weight: 1, openDags: null, activeDags: null, runnableJobs: null }),
      ),
      input(Code.SetCellLimits, cellLimits()),
    ];
    CLASSES.forEach((executorClass, i) => {
      const id = `helper${i}`;
      this.executors.set(id, { id, incarnation: 1, slots: 300, known: 0, executorClass, running: new Map() });
      found.push(input(Code.SetClassLimits, classLimits({ executorClass })));
      found.push(input(Code.RegisterExecutor, registration(id, { executorClass, slots: 300, sessionMs: 600_000 })));
    });
    for (const { tenant, dagId } of this.dags) found.push(input(Code.ResumeDag, { tenant, dagId }));
    return found;
  }

  /** What is running is done, signals are answered, who has lost his session registers again. */
  answers(): InputEntry[] {
    const found: InputEntry[] = [];
    for (const { executor, lease } of this.running()) {
      executor.running.delete(lease.token);
      found.push(terminal(lease, 'complete', 2));
    }
    for (const { tenant, dagId, jobs } of this.dags) {
      for (const { id, kind } of jobs) {
        if (kind === 'signal') found.push(input(Code.ResolveSignal, { tenant, dagId, signal: id, output: null }));
      }
    }
    for (const { id, incarnation } of this.executors.values()) {
      found.push(input(Code.Heartbeat, { executor: id, incarnation: `${id}-${incarnation}` }));
    }
    return found;
  }

  /** Every executor says goodbye. */
  leave(): InputEntry[] {
    return [...this.executors.values()].map(({ id, incarnation, running }) => {
      running.clear();
      return input(Code.DeregisterExecutor, { executor: id, incarnation: `${id}-${incarnation}` });
    });
  }
}

function terminal(lease: LeaseRef, how: string, output: number): InputEntry {
  const unitsUsed = [null, 3, null, 0, 2_000_000_000][output % 5]!;
  const outputs = [null, json({ n: 2 }), json({ n: 3, list: [1, 2, 3] }), json([1, 2]), json('text')];
  const blob = output < outputs.length ? null : BLOB;
  if (how === 'complete') return input(Code.CompleteJob, { lease, output: outputs[output] ?? null, blob, unitsUsed });
  if (how === 'return') return input(Code.ReturnJob, { lease, reason: '', unitsUsed });
  return input(Code.FailJob, { lease, code: 'broken', message: '', retryable: how === 'fail', unitsUsed });
}

const TENANTS = ['acme', 'beta', 'gamma'];

/** Rates that an operator tries; with the last ones jobs of many units are in debt for a while. */
const RATES: readonly (readonly Rate[])[] = [
  [],
  [{ per: 'starts', add: 1, perMs: 700, burst: 2 }],
  [],
  [{ per: 'units', add: 1000, perMs: 3, burst: 2 ** 40 }],
  [
    { per: 'units', add: 9, perMs: 100, burst: 5 },
    { per: 'starts', add: 3, perMs: 10, burst: 1 },
  ],
];

/** Policies that an operator tries; most of the time it is the default that runs. */
const POLICIES = [
  'default@1',
  'fifo@1',
  'default@1',
  'fair@1',
  'edf@1',
  'none@1',
  'default@1',
  'strict-priority@1',
  'fair@1',
  'level-first@1',
  'default@1',
];

function setting(what: string, pick: number, at: number): InputEntry {
  switch (what) {
    case 'policy':
      return input(Code.SetPolicy, { policy: POLICIES[pick % POLICIES.length]! });
    case 'class':
      return input(
        Code.SetClassLimits,
        classLimits({
          executorClass: CLASSES[pick % 2]!,
          maxSlots: [null, 0, 1, 2][pick % 4]!,
          unitCost: [0, 0, 300][pick % 3]!,
          shortReserve: [null, 0, 4][pick % 3]!,
          rates: RATES[pick % RATES.length]!,
        }),
      );
    case 'tenant':
      return input(Code.SetTenantLimits, {
        tenant: TENANTS[pick % TENANTS.length]!,
        weight: 1 + (pick % 3),
        openDags: [null, 2, 4][pick % 3]!,
        activeDags: [null, 1, 2, 0][pick % 4]!,
        runnableJobs: [null, 1][pick % 2]!,
      });
    case 'cell':
      return input(Code.SetCellLimits, {
        knownJobs: [null, 500, null, 12][pick % 4]!,
        retainTerminalMs: [null, 0, 5000][pick % 3]!,
        retainTerminalJobs: [null, 3][pick % 2]!,
        retainExecutorsMs: [null, 0, 2000, 60_000][pick % 4]!,
      });
    case 'clock':
      return input(Code.AcceptClock, { clockAtMs: at + pick });
    case 'snapshot':
      return input(Code.ReportSnapshot, { turn: pick, uri: 'blob:1', stateHash: new Uint8Array(16) });
    default:
      return input(Code.Undecodable, {
        reason: 'avro',
        detail: 'x',
        sha256: new Uint8Array(32),
        length: 1,
        head: new Uint8Array(1),
      });
  }
}

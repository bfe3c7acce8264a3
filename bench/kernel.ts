/** Full decisions a second in the kernel alone: ready, choose, charge, place, evidence, dispatch, complete, release. */
import { Code } from '../src/catalogue/generated/codes.js';
import type { InputEntry, JobSpec, SubmitDag } from '../src/catalogue/generated/types.js';
import { boundOf, costs, functionsOf } from './support/bound.js';
import { DOCUMENT_CLASSES, document, job, submission } from './support/dags.js';
import { Driver } from './support/driver.js';
import { profileSelf, summarise } from './support/profile.js';
import type { Bench, BenchOptions } from './support/result.js';

const TENANTS = 20;
const PRIORITIES = 5;
/** Executors of each class, and slots of each: about two thousand dispatches are under way. */
const EXECUTORS = 8;
const SLOTS = 50;
/** DAGs that are open at a time, apart from those that only wait. */
const OPEN_DAGS = 2_000;
const ANSWERS_PER_TURN = 1_000;
const DOCUMENTS_PER_TURN = 50;
/** Jobs that wait in the second figure, all of them runnable. */
const WAITING_JOBS = 1_000_000;
const CROWD_DAG_JOBS = 100;
/** DAGs of the crowd that a turn takes at most: their jobs fill it. */
const CROWD_DAGS_PER_TURN = 40;
const RETAINED_JOBS = 50_000;
const OUTPUT = Buffer.from('{"ok":true}');

export const kernel: Bench = {
  name: 'kernel',
  summary: 'full decisions a second in the kernel alone',
  async run(options) {
    const { seconds } = options;
    options.note('kernel: with few jobs waiting');
    const scene = new Scene();
    scene.run(options.warmUpSeconds);
    const cpu = process.cpuUsage();
    const { perSecond: value, decisions } = scene.run(seconds);
    const { user, system } = process.cpuUsage(cpu);
    options.note('kernel: profile');
    let profiled = 0;
    const profile = await profileSelf(() => {
      profiled = scene.run(Math.min(3, seconds)).decisions;
    });
    const summary = summarise(profile);
    options.note('kernel: with a million jobs waiting');
    const crowded = crowdedScene(options);
    crowded.run(options.warmUpSeconds);
    const withMillion = crowded.run(seconds);
    return {
      value,
      unit: 'decisions/s',
      target: 100_000,
      better: 'higher',
      bound: boundOf('the one thread', summary),
      parts: costs(summary, profiled),
      details: {
        perSecondOfProcessor: Math.round((decisions * 1e6) / (user + system)),
        withMillionRunnable: Math.round(withMillion.perSecond),
        runnableThen: crowded.runnable(),
        tenants: TENANTS,
        priorities: PRIORITIES,
        classes: DOCUMENT_CLASSES.length,
        functions: functionsOf(summary, 15),
      },
    };
  },
};

/** The same load with a million jobs ready at all times: what is dispatched of them is submitted again. */
function crowdedScene({ scale }: BenchOptions): Scene {
  const scene = new Scene();
  scene.crowd(Math.round(WAITING_JOBS * scale));
  return scene;
}

const CROWD: readonly JobSpec[] = Array.from({ length: CROWD_DAG_JOBS }, (_, i) => {
  return job(`j${i}`, DOCUMENT_CLASSES[i % DOCUMENT_CLASSES.length]!);
});

/** Tenants, executors and a load that never ends. */
class Scene {
  readonly #driver = new Driver();
  #crowd = 0;
  #documents = 0;
  #dags = 0;

  constructor() {
    const driver = this.#driver;
    driver.elect();
    const limits = { weight: 1, openDags: 1_000_000, activeDags: 1_000_000, runnableJobs: 10_000_000 };
    const inputs: InputEntry[] = [];
    for (let i = 0; i < TENANTS; i++) inputs.push(driver.input(Code.SetTenantLimits, { tenant: `t${i}`, ...limits }));
    const cell = {
      knownJobs: null,
      retainTerminalMs: null,
      retainTerminalJobs: RETAINED_JOBS,
      retainExecutorsMs: null,
    };
    inputs.push(driver.input(Code.SetCellLimits, cell));
    driver.step(inputs);
  }

  /** How many jobs are ready. */
  runnable(): number {
    const { classes } = this.#driver.kernel.state;
    let ready = 0;
    for (let row = 1; row < classes.table.high; row++) ready += classes.c.ready[row]!;
    return ready;
  }

  /** Fills the frontier before any executor is there, and keeps it so. */
  crowd(jobs: number): void {
    this.#crowd = jobs;
    for (let missing = jobs; missing > 0; missing = jobs - this.runnable()) {
      let result = this.#driver.step(this.#crowdInputs(CROWD_DAGS_PER_TURN));
      while (result.unfinished) result = this.#driver.step([]);
    }
  }

  #crowdInputs(limit: number): InputEntry[] {
    const missing = Math.ceil((this.#crowd - this.runnable()) / CROWD_DAG_JOBS);
    return Array.from({ length: Math.max(0, Math.min(limit, missing)) }, () => this.#submit(submission('', CROWD)));
  }

  /** Runs for so long; gives the decisions a second of time in the kernel. */
  run(seconds: number): { readonly perSecond: number; readonly decisions: number } {
    const driver = this.#driver;
    this.#register();
    const { kernelMs, dispatched } = driver;
    const until = performance.now() + seconds * 1_000;
    while (performance.now() < until) {
      const inputs = driver.completions(ANSWERS_PER_TURN, OUTPUT);
      inputs.push(...(this.#crowd > 0 ? this.#crowdInputs(ANSWERS_PER_TURN / CROWD_DAG_JOBS) : this.#documentInputs()));
      driver.step(inputs);
    }
    const decisions = driver.dispatched - dispatched;
    return { decisions, perSecond: (decisions * 1_000) / (driver.kernelMs - kernelMs) };
  }

  #isRegistered = false;

  #register(): void {
    if (this.#isRegistered) return;
    this.#isRegistered = true;
    const inputs: InputEntry[] = [];
    for (const executorClass of DOCUMENT_CLASSES) {
      for (let i = 0; i < EXECUTORS; i++)
        inputs.push(this.#driver.register(`${executorClass}-${i}`, executorClass, SLOTS));
    }
    this.#driver.step(inputs);
  }

  #documentInputs(): InputEntry[] {
    const open = this.#documents - this.#driver.succeededDags;
    const count = Math.min(OPEN_DAGS - open, DOCUMENTS_PER_TURN);
    this.#documents += count;
    return Array.from({ length: count }, () => this.#submit(document('')));
  }

  #submit(dag: SubmitDag): InputEntry {
    const i = this.#dags++;
    const name = `d${i}`;
    const who = { dagId: name, idempotencyKey: name, tenant: `t${i % TENANTS}`, priority: i % PRIORITIES };
    return this.#driver.input(Code.SubmitDag, { ...dag, ...who });
  }
}

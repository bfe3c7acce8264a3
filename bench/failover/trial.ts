/** Three schedulers of one cell under load, each on a host of its own, and what faults do to them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { topicName } from '../../src/kafka/topics/names.js';
import { type KafkaCluster, startCluster } from '../../test/support/kafka/cluster.js';
import { runExample } from '../../test/support/kafka/python.js';
import { newCell } from '../kafka/log.js';
import { Load } from './load.js';
import { Network } from './network.js';
import { Scheduler } from './scheduler.js';
import { TurnWatch } from './turns.js';

const CELL = 'failover';
const SCHEDULERS = 3;
/** How long anything that is waited for may take before the trial is given up, in ms. */
const PATIENCE_MS = 120_000;
const LOOK_MS = 50;
/** For how long a leader that stood still, or was cut off, stays so after another leads, in ms. */
const AWAY_MS = 500;

/** What happens to the leader, or to the broker. */
export type Fault = 'kill' | 'zombie' | 'partition' | 'graceful' | 'broker';

export class Trial {
  readonly load: Load;

  private constructor(
    private readonly folder: string,
    private readonly network: Network,
    private readonly cluster: KafkaCluster,
    private readonly schedulers: readonly Scheduler[],
    private readonly watch: TurnWatch,
  ) {
    this.load = new Load(schedulers);
  }

  /** Starts network, broker, schedulers and a load of so many documents a second. */
  static async start(folder: string, documentsPerSecond: number): Promise<Trial> {
    const network = await Network.create(SCHEDULERS);
    try {
      const cluster = await startCluster(1, network.address);
      try {
        const connection = { brokers: cluster.addresses, clientId: 'failover' };
        const { settings } = await newCell(connection, CELL);
        const schedulers = Array.from(
          { length: SCHEDULERS },
          (_, host) =>
            new Scheduler(host, network.enter(host), network.addressOf(host), folder, {
              ...settings,
              blobs: join(folder, 'blobs'),
            }),
        );
        const watch = await TurnWatch.open(connection, topicName(CELL, 'journal'), CELL);
        const trial = new Trial(folder, network, cluster, schedulers, watch);
        try {
          for (const scheduler of schedulers) await scheduler.start();
          await trial.load.start(documentsPerSecond);
          return trial;
        } catch (error) {
          await trial.#endProcesses();
          throw error;
        }
      } catch (error) {
        await cluster.remove();
        throw error;
      }
    } catch (error) {
      await network.remove();
      throw error;
    }
  }

  /**
   * Lets one fault happen; gives how long it took until a turn of the next leader was accepted, in ms; after a fault of
   * the broker, a turn of any. Everybody is well again when it resolves.
   */
  async suffer(fault: Fault): Promise<number> {
    return this.#told(fault, () => this.#suffer(fault));
  }

  async #suffer(fault: Fault): Promise<number> {
    const leader = await this.#leader();
    const { epoch, turn } = this.watch;
    const began = performance.now();
    if (fault === 'broker') return this.#restartBroker(turn, began);
    switch (fault) {
      case 'kill':
        leader.signal('SIGKILL');
        break;
      case 'graceful':
        leader.signal('SIGTERM');
        break;
      case 'zombie':
        leader.signal('SIGSTOP');
        break;
      case 'partition':
        await this.network.cut(leader.host);
        break;
    }
    await within(this.watch.laterThan(epoch), () => 'no turn of another leader');
    const ms = performance.now() - began;
    await this.#cure(leader, fault);
    return ms;
  }

  /** Nothing happens for so long; the load goes on. */
  rest(ms: number): Promise<void> {
    return sleep(ms);
  }

  /** Waits until the load has its answers and all has ended, then stops everything. */
  async end(): Promise<void> {
    return this.#told('the end', () => this.#end());
  }

  async #end(): Promise<void> {
    await within(this.load.stop(), () => 'submissions without an answer');
    const { client } = await this.#leader();
    const open = async () => (await client.operations.cell()).openDags;
    await until(
      async () => (await open().catch(() => 1)) === 0,
      () => 'what was submitted does not end',
    );
    await within(this.load.close(), () => 'executors that do not close');
    for (const scheduler of this.schedulers) {
      scheduler.signal('SIGTERM');
      await this.#ended(scheduler, 'graceful');
    }
  }

  /** What the independent reader says of the journal, of what was acknowledged, and of what executors were given. */
  async verdict(): Promise<string> {
    const acknowledged = join(this.folder, 'acknowledged');
    const dispatched = join(this.folder, 'dispatched');
    writeFileSync(acknowledged, this.load.acknowledged.map(({ dagId, turn }) => `${dagId} ${turn}\n`).join(''));
    writeFileSync(dispatched, [...this.load.dispatched].map((token) => `${token}\n`).join(''));
    const brokers = this.cluster.addresses.join(',');
    const lines = await runExample('check_journal.py', [brokers, CELL, acknowledged, dispatched]);
    return lines.join('\n');
  }

  async remove(): Promise<void> {
    await this.#endProcesses();
    await this.cluster.remove();
    await this.network.remove();
  }

  async #endProcesses(): Promise<void> {
    await this.load.close();
    for (const scheduler of this.schedulers) {
      scheduler.signal('SIGCONT');
      await scheduler.end('SIGKILL');
    }
    await this.watch.close();
  }

  async #restartBroker(turn: number, began: number): Promise<number> {
    const [broker] = this.cluster.brokers;
    await broker!.kill();
    broker!.start();
    await until(
      () => this.watch.turn > turn + 1,
      () => 'no turn after the broker came back',
    );
    const ms = performance.now() - began;
    await this.#settled();
    return ms;
  }

  async #cure(scheduler: Scheduler, fault: Fault): Promise<void> {
    if (fault === 'kill' || fault === 'graceful') {
      await this.#ended(scheduler, fault);
      await within(scheduler.start(), () => `scheduler ${scheduler.host} does not serve`);
    } else {
      await sleep(AWAY_MS);
      if (fault === 'zombie') scheduler.signal('SIGCONT');
      else await this.network.heal(scheduler.host);
    }
    await this.#settled();
  }

  /** Resolves when a scheduler has ended as it should have: one that was told to go, by itself and without a failure. */
  async #ended(scheduler: Scheduler, fault: 'kill' | 'graceful'): Promise<void> {
    const { host } = scheduler;
    try {
      await within(scheduler.ended(), () => `scheduler ${host} does not end`);
    } catch (error) {
      throw new Error(`${(error as Error).message}; it holds open: ${await scheduler.openHandles()}`, { cause: error });
    }
    if (fault === 'graceful' && scheduler.exitCode !== 0) {
      throw new Error(`scheduler ${host} was told to go and ended with ${scheduler.exitCode}`);
    }
  }

  /** Resolves when one leads and all others follow. */
  async #settled(): Promise<void> {
    let roles: readonly (string | null)[] = [];
    const settled = async (): Promise<boolean> => {
      roles = await Promise.all(this.schedulers.map((scheduler) => scheduler.role()));
      return [...roles].sort().join() === 'leader,standby,standby';
    };
    await until(settled, () => `there is not one leader with two standbys, but ${roles.join()}`);
  }

  /** Whatever goes wrong is told with where it was, and what every scheduler said last. */
  async #told<T>(where: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      const said = [
        ...this.cluster.brokers.map(({ isUp, said }) => `the broker ${isUp ? 'runs' : 'has ended'} and said:\n${said}`),
        ...this.schedulers.map(({ host, said }) => `scheduler ${host} said:\n${said}`),
      ];
      const { epoch, turn } = this.watch;
      const what = error instanceof Error ? error.message : String(error);
      throw new Error(`${where}: ${what}; last read turn ${turn} of epoch ${epoch}\n${said.join('\n')}`, {
        cause: error,
      });
    }
  }

  async #leader(): Promise<Scheduler> {
    let found: Scheduler | undefined;
    await until(
      async () => {
        const roles = await Promise.all(this.schedulers.map((scheduler) => scheduler.role()));
        found = this.schedulers[roles.indexOf('leader')];
        return found !== undefined;
      },
      () => 'nobody leads',
    );
    return found!;
  }
}

async function until(holds: () => Promise<boolean> | boolean, otherwise: () => string): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error(otherwise());
    await sleep(LOOK_MS);
  }
}

async function within(promise: Promise<void>, otherwise: () => string): Promise<void> {
  const timer = new AbortController();
  const late = sleep(PATIENCE_MS, undefined, { signal: timer.signal }).then(() => {
    throw new Error(otherwise());
  });
  late.catch(() => undefined);
  await Promise.race([promise, late]);
  timer.abort();
}

/** Hosts of their own on this machine: network namespaces behind one bridge, whose links can be cut. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Longest name of a device, less what is put behind it. */
const PREFIX_LENGTH = 10;

/** Why there are no namespaces here, or null: they need root and the command `ip`. */
export async function whyNoNetwork(): Promise<string | null> {
  try {
    const name = prefix('t');
    await ip('netns', 'add', name);
    await ip('netns', 'del', name);
    return null;
  } catch (error) {
    return `network namespaces can't be made: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** So many hosts and the machine itself, each of which reaches all others until it is cut off. */
export class Network {
  private constructor(
    private readonly name: string,
    private readonly net: string,
    private readonly hosts: number,
  ) {}

  static async create(hosts: number): Promise<Network> {
    const network = new Network(prefix('b'), `10.213.${process.pid % 250}`, hosts);
    try {
      await network.#make();
      return network;
    } catch (error) {
      await network.remove();
      throw error;
    }
  }

  /** The machine's own address in it. */
  get address(): string {
    return `${this.net}.1`;
  }

  addressOf(host: number): string {
    return `${this.net}.${host + 2}`;
  }

  /** What a command must begin with to run on a host. */
  enter(host: number): readonly [string, ...string[]] {
    return ['ip', 'netns', 'exec', this.#host(host)];
  }

  /** Packets of this host are dropped from now on, both ways, without a word to either side. */
  async cut(host: number): Promise<void> {
    await ip('link', 'set', this.#link(host), 'down');
  }

  async heal(host: number): Promise<void> {
    await ip('link', 'set', this.#link(host), 'up');
  }

  async remove(): Promise<void> {
    for (let host = 0; host < this.hosts; host++) await ip('netns', 'del', this.#host(host)).catch(() => undefined);
    await ip('link', 'del', this.name).catch(() => undefined);
  }

  async #make(): Promise<void> {
    await ip('link', 'add', this.name, 'type', 'bridge');
    await ip('addr', 'add', `${this.address}/24`, 'dev', this.name);
    await ip('link', 'set', this.name, 'up');
    for (let host = 0; host < this.hosts; host++) {
      const name = this.#host(host);
      await ip('netns', 'add', name);
      await ip('link', 'add', this.#link(host), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
      await ip('link', 'set', this.#link(host), 'master', this.name, 'up');
      await ip('-n', name, 'addr', 'add', `${this.addressOf(host)}/24`, 'dev', 'eth0');
      for (const device of ['eth0', 'lo']) await ip('-n', name, 'link', 'set', device, 'up');
    }
  }

  #host(host: number): string {
    return `${this.name}-${host}`;
  }

  #link(host: number): string {
    return `${this.name}v${host}`;
  }
}

/** A name that no other process of this machine uses. */
function prefix(letter: string): string {
  return `marie${letter}${process.pid.toString(36)}`.slice(0, PREFIX_LENGTH);
}

async function ip(...args: readonly string[]): Promise<void> {
  await run('ip', [...args]);
}

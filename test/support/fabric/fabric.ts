import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it as base, onTestFinished } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import { PATIENT_MS } from '../patience.js';
import { freePort } from '../ports.js';
import { compiled, type End, Program } from './program.js';

const HOST = '127.0.0.1';
/** Who waits in a test outlasts every restart: some minutes. */
const PATIENCE = { attempts: 200, baseMs: 50, maxMs: 1_000 };

/** A folder that goes when the test has finished. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'marie-e2e-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface FabricOptions {
  readonly data?: string;
  readonly config?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * `marie up` in a process of its own, on a data folder and a port that it keeps over all its deaths: the compiled
 * program, as it is shipped.
 */
export class FabricProcess {
  #program: Program;
  readonly url: string;

  private constructor(
    readonly data: string,
    private readonly port: number,
    private readonly config: string | null,
    private readonly env: Readonly<Record<string, string>>,
  ) {
    this.url = `http://${HOST}:${port}`;
    this.#program = this.#spawn();
  }

  static async start(options: FabricOptions = {}): Promise<FabricProcess> {
    const port = await freePort(HOST);
    const fabric = new FabricProcess(
      options.data ?? temporaryFolder(),
      port,
      options.config ?? null,
      options.env ?? {},
    );
    await fabric.ready();
    return fabric;
  }

  /** A client that sits out restarts; it closes when the test has finished. */
  client(tenant = 'default'): FabricClient {
    const client = new FabricClient({ url: this.url, tenant, patience: PATIENCE });
    onTestFinished(() => client.close());
    return client;
  }

  get said(): string {
    return this.#program.said;
  }

  /** Resolves when it serves. */
  async ready(): Promise<void> {
    const { url } = JSON.parse(await this.#program.line()) as { url: string };
    if (url !== this.url) throw new Error(`the fabric serves at ${url}, not at ${this.url}`);
  }

  /** kill -9. */
  async kill(): Promise<End> {
    return this.#program.end('SIGKILL');
  }

  /** SIGTERM, and the end that follows. */
  async stop(): Promise<End> {
    return this.#program.end('SIGTERM');
  }

  /** Starts it again on the same folder and port; does not wait until it serves. */
  respawn(): void {
    this.#program = this.#spawn();
  }

  async restart(): Promise<void> {
    this.respawn();
    await this.ready();
  }

  #spawn(): Program {
    const settings = this.config === null ? [] : ['--config', this.config];
    const options = ['--data', this.data, '--host', HOST, '--port', String(this.port), '--json', ...settings];
    return Program.start([compiled('src/cli/main.js'), 'up', ...options], this.env);
  }
}

/** A test that asks for `fabric`, or a `client` of it, gets one of its own. */
export const it = base.extend('fabric', () => FabricProcess.start()).extend('client', ({ fabric }) => fabric.client());

/** The executors of the document example, in a process of their own. */
export function startDocuments(url: string, id = 'documents', env: Readonly<Record<string, string>> = {}): Program {
  return Program.start([compiled('examples/documents/main.js'), url, id], { MARIE_LOG_LEVEL: 'warn', ...env });
}

/** Looks again and again until something holds. */
export async function until(holds: () => Promise<boolean> | boolean, everyMs = 25): Promise<void> {
  const giveUpAt = performance.now() + PATIENT_MS;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error(`not so after ${PATIENT_MS / 1000} s: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ConfigInput } from '../../src/main/config/config.js';
import { PROJECT } from './folder.js';

/** A fabric in a process of its own, as `marie up` starts it. */
export interface FabricProcess {
  readonly url: string;
  readonly pid: number;
  /** Address of its inspector, which begins to listen now. */
  inspector(): Promise<string>;
  /** Ends it in good order. */
  stop(): Promise<void>;
  /** Ends it at once, as a loss of power would end the process. */
  kill(): Promise<void>;
}

/**
 * Starts a fabric on a data folder, on any free port. Resolves when it serves. With `profiles` it writes a profile of
 * its whole life into that folder when it is stopped.
 */
export async function startFabric(
  data: string,
  settings: ConfigInput = {},
  profiles: string | null = null,
): Promise<FabricProcess> {
  const config = `${data}.json`;
  writeFileSync(config, JSON.stringify({ ...settings, data, port: 0 }));
  const profiling = profiles === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const args = [
    ...profiling,
    '--inspect-port=127.0.0.1:0',
    join(PROJECT, 'bin/marie.mjs'),
    'up',
    '--json',
    '--config',
    config,
  ];
  const child = spawn(process.execPath, ['--max-semi-space-size=64', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let said = '';
  let onInspector: (url: string) => void = () => undefined;
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + String(chunk)).slice(-10_000);
    const url = /Debugger listening on (ws:\S+)/.exec(said)?.[1];
    if (url !== undefined) onInspector(url);
  });
  const url = await firstLine(child, () => said);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  return {
    url,
    pid: child.pid!,
    inspector: () => {
      const listening = new Promise<string>((resolve) => {
        onInspector = resolve;
      });
      child.kill('SIGUSR1');
      return listening;
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

function firstLine(child: ChildProcess, said: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the fabric ended with ${code}: ${said()}`)));
    const lines = createInterface({ input: child.stdout! });
    lines.once('line', (line) => resolve((JSON.parse(line) as { url: string }).url));
  });
}

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { memoryOf } from './cpu.js';
import { PROJECT } from './folder.js';

/** A call of `marie`, from its start to its end. */
export interface Call {
  readonly stdout: string;
  readonly seconds: number;
  /** The most memory that it had at once, in MiB; null where the system doesn't tell. */
  readonly peakMiB: number | null;
}

/** How often the memory is looked at: it is the system's own highest value, which only an end takes away. */
const LOOK_MS = 10;

/** Calls `marie` as a person does, in a process of its own. Rejects when it fails. */
export async function callMarie(args: readonly string[]): Promise<Call> {
  const began = performance.now();
  const child = spawn(process.execPath, [join(PROJECT, 'bin/marie.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  let peak = 0;
  const look = setInterval(async () => {
    peak = Math.max(peak, await memoryOf(child.pid ?? 0, 'VmHWM'));
  }, LOOK_MS);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(look);
  if (code !== 0) throw new Error(`marie ${args.join(' ')} ended with ${code}`);
  return {
    stdout,
    seconds: Math.round(performance.now() - began) / 1_000,
    peakMiB: peak === 0 ? null : Math.round(peak / 2 ** 20),
  };
}

import { readdir, readFile } from 'node:fs/promises';

/** Time of the processor that a process has had, in ms. */
export interface CpuTime {
  /** The thread that runs JavaScript. */
  readonly mainMs: number;
  /** All others: the disk's, the store's, garbage collection, compilation. */
  readonly othersMs: number;
}

/** Linux counts in hundredths of a second, whatever the kernel's own clock. */
const MS_PER_TICK = 10;

/** What a process has used so far; zeros where the system doesn't say (it does on Linux). */
export async function cpuTimeOf(pid: number): Promise<CpuTime> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  let mainMs = 0;
  let othersMs = 0;
  for (const thread of threads) {
    const text = await readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8').catch(() => '');
    // The name, in parentheses, may hold anything; user and system time are the 12th and 13th field behind it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ms = (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * MS_PER_TICK;
    if (thread === String(pid)) mainMs += ms;
    else othersMs += ms;
  }
  return { mainMs, othersMs };
}

/** What the system says of a process's memory under a name such as `VmRSS`, in bytes; 0 where it says nothing. */
export async function memoryOf(pid: number, name: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1_024;
}

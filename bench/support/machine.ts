import { existsSync, readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** Where a benchmark ran. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly os: string;
}

export function thisMachine(): Machine {
  const processors = cpus();
  return {
    cpu: `${processors[0]?.model.trim() ?? 'unknown'}${kindOfCpu()}`,
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    os: `${type()} ${release()}`,
  };
}

/** Family and model of the processor, where the system tells: names such as `AMD EPYC` are those of many. */
function kindOfCpu(): string {
  if (!existsSync('/proc/cpuinfo')) return '';
  const [, family, model] =
    /^cpu family\s*: (\d+)\nmodel\s*: (\d+)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8')) ?? [];
  return family === undefined ? '' : `, family ${family}, model ${model}`;
}

/** Processes that ran or wanted to in the last minute: more than this benchmark's own means that others disturbed it. */
export function loadAverage(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}

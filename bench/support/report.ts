import Table from 'cli-table3';
import { percent } from './bound.js';
import type { BenchResult } from './result.js';
import type { Speed } from './speed.js';

/** A result for a person. */
export function tableOf(result: BenchResult): string {
  const { name, value, unit, target, better, bound, parts, details, machine } = result;
  const met = better === 'higher' ? value >= target : value <= target;
  const lines = [
    `${name}: ${amount(value, unit)} (target ${better === 'higher' ? 'at least' : 'at most'} ${amount(target, unit)}: ${met ? 'met' : 'missed'})`,
    `bound by: ${bound}`,
    `machine: ${machine.cores} cores ${machine.cpu}, ${machine.memoryGiB} GiB, Node ${machine.node}, ${machine.os}`,
    `a thread of it, before and after: ${speed(machine.speed.before)}; ${speed(machine.speed.after)}`,
  ];
  for (const [key, detail] of Object.entries(details)) {
    lines.push(`  ${key}: ${typeof detail === 'object' ? JSON.stringify(detail) : String(detail)}`);
  }
  if (parts.length > 0) lines.push(partsTable(result));
  return lines.join('\n');
}

function speed({ addsPerNs, readNs }: Speed): string {
  return `${addsPerNs} additions a ns, ${readNs} ns a read`;
}

function partsTable({ parts }: BenchResult): string {
  const table = new Table({ head: ['part', 'share', 'µs each'], style: { head: [], border: [], compact: true } });
  for (const { part, share, usEach } of parts) {
    table.push([part, percent(share), usEach === null ? '' : usEach.toFixed(2)]);
  }
  return table.toString();
}

const GIB = 2 ** 30;

/** A value with its unit, as a person reads it. */
export function amount(value: number, unit: string): string {
  if (unit === 'bytes') return `${(value / GIB).toFixed(2)} GiB`;
  if (unit === 'ms' || unit === 's') return `${value.toFixed(2)} ${unit}`;
  return `${Math.round(value).toLocaleString('en')} ${unit}`;
}

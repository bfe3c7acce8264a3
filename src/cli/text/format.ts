import type { Io } from '../terminal/io.js';
import { widthOf } from './width.js';

/** A duration as people read it. */
export function duration(ms: number | null): string {
  if (ms === null) return '-';
  // What would round to the next length has the unit and the places of that.
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(ms < 9_995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A duration in at most five characters, for a narrow column: 813ms, 9.1s, 81s, 12m, 5h, 12d. */
export function compact(ms: number | null): string {
  if (ms === null) return '-';
  if (ms < 999.5) return `${Math.round(ms)}ms`;
  const seconds = ms / 1_000;
  if (seconds < 9.95) return `${seconds.toFixed(1)}s`;
  if (seconds < 100) return `${Math.round(seconds)}s`;
  if (seconds < 6_000) return `${Math.round(seconds / 60)}m`;
  if (seconds < 48 * 3_600) return `${Math.round(seconds / 3_600)}h`;
  return `${Math.round(seconds / 86_400)}d`;
}

/** A moment as people read it, in UTC. */
export function moment(atMs: number | null): string {
  return atMs === null ? '-' : new Date(atMs).toISOString().replace('T', ' ').replace('Z', '');
}

/** A number with its thousands apart. */
export function grouped(value: number | null): string {
  return value === null ? '-' : String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** How many there are of something: `1 turn`, `2,000 turns`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${grouped(value)} ${value === 1 ? one : many}`;
}

/** A line that says how many of a list are not shown; none where all are. */
export function moreLines(all: number, most: number): readonly string[] {
  return all > most ? [`… and ${grouped(all - most)} more: --json has all of them`] : [];
}

/** How far lines after the first are moved in. */
export const INDENT = '    ';

/** Text in lines of at most so many columns, broken between words; a longer word has a line of its own. */
export function wrapped(text: string, columns: number): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const longer = `${last} ${word}`;
    if (last === undefined) lines.push(word);
    else if (widthOf(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(`${INDENT}${word}`);
  }
  return lines.join('\n');
}

/** Lines of a report: broken where a terminal ends, whole for everything else. */
export function reportLines(io: Pick<Io, 'isTerminal' | 'columns'>, lines: readonly string[]): string {
  return lines.map((line) => (io.isTerminal ? wrapped(line, io.columns) : line)).join('\n');
}

export function bytes(value: number): string {
  if (value < 1024) return `${value} B`;
  if (value < 1024 * 1024) return `${(value / 1024).toFixed(1)} KiB`;
  return `${(value / 1024 / 1024).toFixed(1)} MiB`;
}

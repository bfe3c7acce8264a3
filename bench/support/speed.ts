/**
 * How fast one thread is at this moment. A virtual machine says how many cores it has, not what it gets of them: a core's
 * other hardware thread may be at work for somebody else, and so may the cache that its cores share. Then the same
 * program takes up to twice as long, while the clock is the same and nothing else runs here. Both figures are of loops
 * that do nothing else, so they tell machines, and moments of one, from each other; they are no measure of a program.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface Speed {
  /**
   * Additions a nanosecond, of eight that don't wait for each
   * other: about half where the core's other thread is at work.
   */
  readonly addsPerNs: number;
  /**
   * What each of a chain of reads from 8 MiB takes, in nanoseconds: 15 to 20 where that fits in the cache that cores share,
   * 100 and more where others have filled that cache and the memory behind it answers.
   */
  readonly readNs: number;
}

const ADDITIONS = 8;
const ROUNDS = 50_000_000;
/** A line of the cache, in elements of an array of 32-bit integers. */
const LINE = 16;
const LINES = 1 << 17;
const READS = 1_500_000;

/** The speed of a thread in a process of its own, so that what is measured beside it is compiled and laid out as without. */
export async function speedOfThread(): Promise<Speed> {
  const program = fileURLToPath(new URL('./speed-process.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  return JSON.parse(stdout) as Speed;
}

/** Measures both; takes about half a second. */
export function measureSpeed(): Speed {
  // What is computed is kept, since V8 leaves out what nobody keeps; each runs shortly before, so that it is compiled.
  const kept = new Int32Array(2);
  const timeOf = (run: () => number, index: number): number => {
    const began = performance.now();
    kept[index] = run();
    return performance.now() - began;
  };
  timeOf(() => add(1, ROUNDS / 50), 0);
  const addingMs = timeOf(() => add(2, ROUNDS), 0);
  const next = oneCycle();
  timeOf(() => follow(next, READS / 10), 1);
  const readingMs = timeOf(() => follow(next, READS), 1);
  return { addsPerNs: round((ADDITIONS * ROUNDS) / addingMs / 1e6), readNs: round((readingMs * 1e6) / READS) };
}

function add(from: number, rounds: number): number {
  let [a, b, c, d] = [from, from + 1, from + 2, from + 3];
  let [e, f, g, h] = [from + 4, from + 5, from + 6, from + 7];
  for (let i = 0; i < rounds; i++) {
    a = (a + i) | 0;
    b = (b + i) | 0;
    c = (c + i) | 0;
    d = (d + i) | 0;
    e = (e + i) | 0;
    f = (f + i) | 0;
    g = (g + i) | 0;
    h = (h + i) | 0;
  }
  return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h;
}

/** Lines of which each names the next one, all in one cycle in an order that no processor foresees (Sattolo's algorithm). */
function oneCycle(): Int32Array {
  const next = new Int32Array(LINES * LINE);
  for (let i = 0; i < LINES; i++) next[i * LINE] = i * LINE;
  let chance = 1;
  for (let i = LINES - 1; i > 0; i--) {
    chance = (Math.imul(chance, 0x19_66_0d) + 0x3c6e_f35f) >>> 0;
    const other = Math.floor((chance / 2 ** 32) * i) * LINE;
    const kept = next[i * LINE]!;
    next[i * LINE] = next[other]!;
    next[other] = kept;
  }
  return next;
}

function follow(next: Int32Array, reads: number): number {
  let at = 0;
  for (let i = 0; i < reads; i++) at = next[at]!;
  return at;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

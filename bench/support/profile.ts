/** Profiles as V8 takes them, and what they say of the parts of the program. */
import { readdir, readFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Inspector } from './inspector.js';

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly children?: readonly number[] | undefined;
}

/** A profile of the inspector protocol; times in microseconds. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples?: readonly number[] | undefined;
  readonly timeDeltas?: readonly number[] | undefined;
}

/** Time that was spent in a part or function itself, in ms. */
export interface Spent {
  readonly name: string;
  readonly ms: number;
  /** Of the time that was not idle. */
  readonly share: number;
}

export interface ProfileSummary {
  readonly totalMs: number;
  readonly busyMs: number;
  /** In which the thread had no processor: other processes had it. */
  readonly lostMs: number;
  readonly parts: readonly Spent[];
  readonly functions: readonly Spent[];
}

export const SAMPLE_US = 500;
/** A sample that comes later than this, in ms, tells of a thread that had no processor, not of the function it stood in. */
const LATE_MS = (4 * SAMPLE_US) / 1_000;
const IDLE = 'idle';
const TOP_FUNCTIONS = 30;

/** Profiles this process while `run` runs. */
export async function profileSelf(run: () => Promise<void> | void): Promise<CpuProfile> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_US });
    await session.post('Profiler.start');
    await run();
    const { profile } = await session.post('Profiler.stop');
    return profile;
  } finally {
    session.disconnect();
  }
}

/** Profiles another process of this machine for so long, through its inspector. */
export async function profileProcess(inspectorUrl: string, ms: number): Promise<CpuProfile> {
  const inspector = await Inspector.connect(inspectorUrl);
  try {
    await inspector.post('Profiler.enable');
    await inspector.post('Profiler.setSamplingInterval', { interval: SAMPLE_US });
    await inspector.post('Profiler.start');
    await setTimeout(ms);
    const { profile } = (await inspector.post('Profiler.stop')) as { profile: CpuProfile };
    return profile;
  } finally {
    inspector.close();
  }
}

/** The first `ms` of a profile that a process has written at its end (`--cpu-prof`). */
export async function readProfile(folder: string, ms: number): Promise<CpuProfile> {
  const name = (await readdir(folder)).find((file) => file.endsWith('.cpuprofile'));
  if (name === undefined) throw new Error(`no profile in ${folder}`);
  const { nodes, samples = [], timeDeltas = [] } = JSON.parse(await readFile(join(folder, name), 'utf8')) as CpuProfile;
  let count = 0;
  for (let us = 0; count < samples.length && us < ms * 1_000; count++) us += timeDeltas[count] ?? 0;
  return { nodes, samples: samples.slice(0, count), timeDeltas: timeDeltas.slice(0, count) };
}

/** The samples of a profile that were taken in one of these functions, or in what they called. */
export function within(profile: CpuProfile, functions: ReadonlySet<string>): CpuProfile {
  const inside = new Set<number>();
  for (const { id, callFrame, children = [] } of profile.nodes) {
    // Children come after their parents.
    if (!inside.has(id) && !functions.has(callFrame.functionName)) continue;
    inside.add(id);
    for (const child of children) inside.add(child);
  }
  const kept = profile.samples?.map((id, i) => [id, profile.timeDeltas?.[i] ?? 0] as const) ?? [];
  const found = kept.filter(([id]) => inside.has(id));
  return { nodes: profile.nodes, samples: found.map(([id]) => id), timeDeltas: found.map(([, delta]) => delta) };
}

/** Folders and modules by part; the first that fits counts. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/\/node_modules\/(rocksdb|abstract-leveldown|leveldown)\//, 'store'],
  [/\/(node_modules\/kafkajs|src\/(kafka|inbox\/kafka|outbox\/kafka))\//, 'Kafka'],
  [/\/node_modules\/undici\//, 'HTTP client'],
  [/\/node_modules\//, 'HTTP + JSON'],
  [/^node:(_http|net|internal\/(http|net|stream_base_commons|streams|js_stream))/, 'HTTP + JSON'],
  [/\/src\/kernel\//, 'kernel'],
  [/\/src\/catalogue\//, 'encode + hash'],
  [/\/src\/journal\//, 'journal'],
  [/\/src\/(store\/|scheduler\/(materializer|cold))/, 'store'],
  [/\/src\/(scheduler|inbox|outbox|main)\//, 'scheduler'],
  [/\/src\/gateway\//, 'HTTP + JSON'],
  [/\/src\/executor\//, 'executor SDK'],
  [/\/src\/client\//, 'client'],
  [/\/bench\//, 'load'],
  [/\/replay\//, 'replay'],
];

/** Sums a profile by part and by function. */
export function summarise(profile: CpuProfile): ProfileSummary {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map<number, ProfileNode>();
  for (const node of profile.nodes) for (const child of node.children ?? []) parents.set(child, node);
  const selfMs = new Map<number, number>();
  let lostMs = 0;
  profile.samples?.forEach((id, i) => {
    const ms = (profile.timeDeltas?.[i] ?? 0) / 1_000;
    lostMs += Math.max(0, ms - LATE_MS);
    selfMs.set(id, (selfMs.get(id) ?? 0) + Math.min(ms, LATE_MS));
  });
  const parts = new Map<string, number>();
  const functions = new Map<string, number>();
  let totalMs = 0;
  for (const [id, ms] of selfMs) {
    const node = nodes.get(id);
    if (node === undefined || isProfiler(node)) continue;
    const part = partOf(node, parents);
    totalMs += ms;
    parts.set(part, (parts.get(part) ?? 0) + ms);
    const name = nameOf(node, part);
    functions.set(name, (functions.get(name) ?? 0) + ms);
  }
  const busyMs = totalMs - (parts.get(IDLE) ?? 0);
  parts.delete(IDLE);
  functions.delete(`(idle) [${IDLE}]`);
  return {
    totalMs,
    busyMs,
    lostMs,
    parts: sorted(parts, busyMs),
    functions: sorted(functions, busyMs).slice(0, TOP_FUNCTIONS),
  };
}

function sorted(spent: ReadonlyMap<string, number>, busyMs: number): Spent[] {
  const list = [...spent].map(([name, ms]) => ({ name, ms, share: busyMs === 0 ? 0 : ms / busyMs }));
  return list.sort((a, b) => b.ms - a.ms);
}

/** Starting and stopping the profile itself. */
function isProfiler({ callFrame }: ProfileNode): boolean {
  return callFrame.functionName === 'dispatch' && callFrame.url === '';
}

/** The part of a function: its own, or for one of the runtime that of whoever called it. */
function partOf(node: ProfileNode, parents: ReadonlyMap<number, ProfileNode>): string {
  const { functionName } = node.callFrame;
  if (functionName === '(idle)') return IDLE;
  if (functionName === '(garbage collector)') return 'GC';
  if (functionName === '(program)') return 'native code';
  for (let at: ProfileNode | undefined = node; at !== undefined; at = parents.get(at.id)) {
    const { url } = at.callFrame;
    const found = PARTS.find(([pattern]) => pattern.test(url));
    if (found !== undefined) return found[1];
  }
  return 'runtime';
}

function nameOf({ callFrame }: ProfileNode, part: string): string {
  const { functionName, url, lineNumber } = callFrame;
  const file = url.split('/dist/').at(-1)?.split('/node_modules/').at(-1) ?? '';
  const place = file === '' ? '' : ` ${file}:${lineNumber + 1}`;
  return `${functionName || '(anonymous)'}${place} [${part}]`;
}

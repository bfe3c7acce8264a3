/** A Dockerfile taken apart, and its stages played in folders: there is no engine where the tests run. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface Instruction {
  readonly name: string;
  readonly text: string;
}

export interface Stage {
  readonly from: string;
  readonly name: string | null;
  readonly instructions: readonly Instruction[];
}

/** The stages of a Dockerfile, their instructions on one line each. */
export function stagesOf(text: string): Stage[] {
  const stages: { from: string; name: string | null; instructions: Instruction[] }[] = [];
  const lines = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/gu, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  for (const line of lines) {
    const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/u.exec(line) ?? [];
    const [, from, as] = /^(\S+)(?:\s+AS\s+(\S+))?$/iu.exec(rest) ?? [];
    if (name === 'FROM') stages.push({ from: from ?? rest, name: as ?? null, instructions: [] });
    else stages.at(-1)?.instructions.push({ name, text: rest });
  }
  return stages;
}

/** A COPY: from which stage (null: the project), what, and where to. */
export function copyOf({ text }: Instruction): {
  readonly stage: string | null;
  readonly from: string[];
  readonly to: string;
} {
  const parts = text.split(/\s+/u);
  const stage = parts[0]?.startsWith('--from=') ? parts.shift()!.slice('--from='.length) : null;
  const to = parts.pop() ?? '';
  return { stage, from: parts, to };
}

/**
 * Plays WORKDIR, COPY and `RUN npm …` of the stages, each in a folder of its own under `place`; other instructions need
 * an engine. `installed` stands for what a full `npm ci` gives. Resolves with the folder of the last stage.
 */
export function playStages(stages: readonly Stage[], place: string, project: string, installed: string): string {
  const roots = new Map<string, string>();
  let root = '';
  stages.forEach((stage, index) => {
    root = join(place, stage.name ?? String(index));
    roots.set(stage.name ?? String(index), root);
    let folder = root;
    for (const instruction of stage.instructions) {
      if (instruction.name === 'WORKDIR') {
        folder = join(root, instruction.text);
        mkdirSync(folder, { recursive: true });
      }
      if (instruction.name === 'COPY') playCopy(instruction, folder, roots, project);
      if (instruction.name === 'RUN' && instruction.text === 'npm ci')
        linkTree(installed, join(folder, 'node_modules'));
      else if (instruction.name === 'RUN' && instruction.text.startsWith('npm ')) {
        execFileSync('npm', instruction.text.split(' ').slice(1), { cwd: folder, stdio: 'pipe' });
      }
    }
  });
  return root;
}

function playCopy(instruction: Instruction, folder: string, roots: ReadonlyMap<string, string>, project: string): void {
  const { stage, from, to } = copyOf(instruction);
  const source = stage === null ? project : roots.get(stage);
  if (source === undefined) throw new Error(`COPY ${instruction.text}: there is no stage ${stage}`);
  for (const path of from) {
    const original = join(source, path);
    if (!existsSync(original)) throw new Error(`COPY ${instruction.text}: there is no ${path}`);
    const isInto = to.endsWith('/') && !statSync(original).isDirectory();
    cpSync(original, join(folder, to, isInto ? basename(path) : ''), { recursive: true });
  }
}

/** What tests and tools keep beside the packages; it may change while they are copied. */
const KEPT_BESIDE = new Set(['.cache', '.vite', '.vite-temp']);

/** Copies packages by links: they are many, and only read. */
function linkTree(from: string, to: string): void {
  const installed = readdirSync(from).filter((name) => !KEPT_BESIDE.has(name));
  mkdirSync(to);
  execFileSync('cp', ['-al', ...installed.map((name) => join(from, name)), to]);
}

/** Whether .dockerignore lets a path through to the builder. It is of the kind that leaves out all but some. */
export function isSent(ignoreFile: string, path: string): boolean {
  const lines = readFileSync(ignoreFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.shift() !== '*') throw new Error(`${ignoreFile} doesn't begin with leaving out all`);
  return lines.includes(`!${path.split('/')[0]}`);
}

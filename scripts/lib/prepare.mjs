// What every command needs before it can run: the right Node, the locked packages, a current build. Plain Node only,
// since this runs before anything is installed. Nothing here takes noticeable time when there is nothing to do.
import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What tsconfig.build.json compiles, and what changes its output. */
const BUILD_FOLDERS = ['src', 'replay', 'examples', 'bench', 'test/support'];
const BUILD_FILES = ['tsconfig.base.json', 'tsconfig.build.json', 'package.json'];
const STAMP = join(root, 'dist', '.built.json');

/** A command that failed for a reason that the reader can act on; shown without a stack. */
export class PrepareError extends Error {}

const say = (text) => process.stderr.write(`${text}\n`);

/** Installs and builds where needed. `quiet` says nothing unless something has to be done. */
export async function prepare({ build = true } = {}) {
  checkNode();
  await installIfNeeded();
  if (build) await buildIfNeeded();
}

/** Refuses a Node that is older than package.json asks for, with the two versions. */
export function checkNode() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const floor = engines.node
    .replace(/^[^0-9]*/, '')
    .split('.')
    .map(Number);
  const have = process.versions.node.split('.').map(Number);
  const older = have[0] < floor[0] || (have[0] === floor[0] && have[1] < (floor[1] ?? 0));
  if (older) {
    throw new PrepareError(
      `Marie needs Node ${engines.node}; this is Node ${process.versions.node} (${process.execPath}).`,
    );
  }
}

/** Runs `npm ci` when what is installed is not what package-lock.json says. */
export async function installIfNeeded() {
  const reason = whyInstall();
  if (reason === undefined) return;
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    // npm ci would empty the folder behind the link, which belongs to another clone.
    throw new PrepareError(`node_modules is a link and its packages are not the locked ones (${reason}).`);
  }
  say(`marie: installing the locked packages (npm ci): ${reason}`);
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm, 'ci']] : ['npm', ['ci']];
  const code = await run(command, args, {
    stdio: ['ignore', 2, 2],
    shell: command === 'npm' && process.platform === 'win32',
  });
  if (code !== 0) throw new PrepareError(`npm ci failed with code ${code}; see its messages above.`);
}

/**
 * Why an install is needed, or undefined. npm itself writes node_modules/.package-lock.json at the end of an install;
 * comparing it with the lock file also notices an install that was interrupted or done with other options.
 */
function whyInstall() {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return 'nothing is installed yet';
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const there = installed[path];
    if (there === undefined && entry.optional) continue; // for another platform
    if (there?.version !== entry.version) return `${path} is not at ${entry.version}`;
  }
  return undefined;
}

/** Compiles to dist/ when a source changed since the last successful build. Looking at types is left to `npm run types`. */
export async function buildIfNeeded() {
  const now = sourceListing();
  const built = existsSync(STAMP) ? JSON.parse(readFileSync(STAMP, 'utf8')) : {};
  const changed = Object.keys(now).some((path) => now[path] !== built[path]);
  const removed = Object.keys(built).filter((path) => now[path] === undefined);
  if (!changed && removed.length === 0) return;
  say('marie: building (tsc)');
  rmSync(STAMP, { force: true });
  removeOutputs(removed);
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const code = await run(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: ['ignore', 2, 2] });
  if (code !== 0) throw new PrepareError('The build failed; see the messages of tsc above.');
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, JSON.stringify(now));
}

/** Every build input with its modification time and size. */
function sourceListing() {
  const listing = {};
  const add = (path) => {
    const { mtimeMs, size } = statSync(path);
    listing[relative(root, path)] = `${mtimeMs} ${size}`;
  };
  for (const folder of BUILD_FOLDERS) {
    if (!existsSync(join(root, folder))) continue;
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && /\.(ts|json)$/.test(entry.name)) add(join(entry.parentPath ?? entry.path, entry.name));
    }
  }
  for (const file of BUILD_FILES) add(join(root, file));
  return listing;
}

/** A source that went away must not live on in dist/. */
function removeOutputs(sources) {
  for (const source of sources) {
    const stem = join(root, 'dist', source.replace(/\.ts$/, ''));
    for (const suffix of ['.js', '.js.map', '.d.ts']) rmSync(stem + suffix, { force: true });
  }
}

/** Runs a program in the project's folder; resolves with its exit code, 128 + n when signal n ended it. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    options.onStart?.(child);
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signalCode(signal)));
  });
}

const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };

function signalCode(signal) {
  return 128 + (SIGNAL_NUMBERS[signal] ?? 0);
}

/**
 * Runs a program of dist/ in this program's place: passes the arguments and signals on, ends with its exit code.
 * From a terminal Ctrl-C reaches the child by itself (same process group), so only other signals are forwarded there.
 */
export async function become(script, args) {
  const forwarded = process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGTERM', 'SIGHUP', 'SIGINT'];
  const code = await run(
    process.execPath,
    ['--enable-source-maps', '--max-semi-space-size=64', join(root, 'dist', script), ...args],
    {
      onStart: (child) => {
        if (process.stdin.isTTY) process.on('SIGINT', () => {});
        for (const signal of forwarded) process.on(signal, () => child.kill(signal));
      },
    },
  );
  process.exit(code);
}

/** Runs `main`; an error that the reader can act on becomes one line and exit code 1. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof PrepareError)) throw error;
    say(`marie: ${error.message}`);
    process.exitCode = 1;
  }
}

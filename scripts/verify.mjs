// `npm run verify`: everything that CI runs. Each check is a script of its own in package.json; its output is shown
// when it fails. All of them run, so that one look shows everything that is wrong; the tests come last and end with
// the closing line, in which each failed check counts as one failure. `--no-tests` leaves the tests out.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { checkNode, installIfNeeded, main, root, run } from './lib/prepare.mjs';

const CHECKS = [
  ['types', 'types: the whole tree, and the kernel without ambient types'],
  ['lint', 'Biome: lint and format'],
  ['dependencies', 'dependency rules: imports point inwards only'],
  ['dead-code', 'knip: unused files, exports and packages'],
  ['generated', 'generated code is current'],
];

/** Most of them use one core. */
const AT_ONCE = 2;

await main(async () => {
  checkNode();
  await installIfNeeded();
  const failed = [];
  const rest = CHECKS.values();
  const checkOthers = async () => {
    for (const [script, title] of rest) if (!(await check(script, title))) failed.push(script);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, checkOthers));
  if (process.argv.includes('--no-tests')) {
    process.exitCode = failed.length > 0 ? 1 : 0;
    return;
  }
  const env = { ...process.env, MARIE_FAILED_CHECKS: failed.join(' ') };
  process.exitCode = await run(process.execPath, [join(root, 'scripts', 'test.mjs')], { env });
});

/** Runs one check, and says how it ended; resolves with whether all is well. */
async function check(script, title) {
  const started = process.hrtime.bigint();
  const { code, output } = await capture(script);
  const seconds = (Number(process.hrtime.bigint() - started) / 1e9).toFixed(1);
  process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${title} (${seconds} s)\n`);
  if (code !== 0) process.stdout.write(`${indent(output)}\n       repeat with: npm run ${script}\n`);
  return code === 0;
}

/** Runs one script of package.json; resolves with its exit code and everything it wrote. */
function capture(script) {
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args, 'run', '--silent', script], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: command === 'npm' && process.platform === 'win32',
    });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') }));
  });
}

function indent(text) {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `       ${line}`)
    .join('\n');
}

/** What is shipped to run a fabric alone: the image, as far as it can be tried without an engine, and the systemd unit. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { copyOf, isSent, playStages, stagesOf } from '../../support/dockerfile.js';
import { Program } from '../../support/fabric/program.js';
import { findPython, virtualEnvironment } from '../../support/python.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const DOCKERFILE = join(ROOT, 'Dockerfile');
const stages = stagesOf(readFileSync(DOCKERFILE, 'utf8'));
const last = stages.at(-1)!;
const texts = (name: string): string[] => last.instructions.filter((one) => one.name === name).map(({ text }) => text);

/** hadolint comes as a package of Python; a machine of ours may be without it, CI is not. */
const python = await findPython(8);
const hasPython = python !== null || process.env['CI'] !== undefined;
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

/** An install and a build: half a minute on a quiet machine. */
const LIMIT_MS = 480_000;

describe('the Dockerfile', () => {
  // Skipped only where there is no Python to run it, and never in CI.
  it.skipIf(!hasPython)(
    'has nothing that hadolint finds',
    async () => {
      if (python === null) throw new Error('there is no Python 3 with venv and pip');
      const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));
      const programs = await virtualEnvironment(python, requirements);
      const { stdout, status } = spawnSync(join(programs, 'hadolint'), ['--no-color', DOCKERFILE], {
        encoding: 'utf8',
      });
      expect([stdout, status]).toEqual(['', 0]);
    },
    LIMIT_MS,
  );

  it('builds in stages of their own, and runs as a user that is not root', () => {
    expect(stages.length).toBeGreaterThan(1);
    expect(stages.map(({ from }) => /^node:20\.\d+-[a-z-]+$/u.test(from))).not.toContain(false);
    expect(texts('USER')).toHaveLength(1);
    expect(Number(texts('USER')[0]!.split(':')[0])).toBeGreaterThan(0);
    expect(texts('STOPSIGNAL')).toEqual(['SIGTERM']);
  });

  it('copies only what is there and is sent to the builder', () => {
    const copies = stages.flatMap(({ instructions }) => instructions.filter(({ name }) => name === 'COPY').map(copyOf));
    const sources = copies.filter(({ stage }) => stage === null).flatMap(({ from }) => from);
    expect(sources).toContain('package-lock.json');
    for (const path of sources) {
      expect(existsSync(join(ROOT, path)), path).toBe(true);
      expect(isSent(join(ROOT, '.dockerignore'), path), path).toBe(true);
    }
  });

  it(
    'makes an image that serves with what is in it, and ends with 0 at SIGTERM',
    async () => {
      const place = mkdtempSync(join(tmpdir(), 'marie-image-'));
      onTestFinished(() => rmSync(place, { recursive: true, force: true }));
      const image = playStages(stages, place, ROOT, join(ROOT, 'node_modules'));
      const [node, ...command] = JSON.parse(texts('ENTRYPOINT')[0]!) as string[];
      const args = JSON.parse(texts('CMD')[0]!) as string[];
      expect(node).toBe('node');
      const here = (arg: string): string => (arg.startsWith('/') ? join(image, arg) : arg);
      const fabric = Program.start([...command, ...args, '--port', '0'].map(here), { MARIE_LOG_LEVEL: 'info' });
      const { url } = JSON.parse(await fabric.line()) as { url: string };
      const local = url.replace('0.0.0.0', '127.0.0.1');
      for (const path of ['/readyz', '/docs/', '/openapi.json', '/metrics']) {
        expect((await fetch(local + path)).status, path).toBe(200);
      }
      const dag = { jobs: [{ id: 'a', kind: 'noop' }] };
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${local}/v1/dags`, { method: 'POST', headers, body: JSON.stringify(dag) });
      expect(answer.status).toBe(201);
      expect(await fabric.end('SIGTERM')).toEqual({ code: 0, signal: null });
      const said = fabric.said.trim().split('\n');
      expect(
        said.filter((line) => !line.startsWith('{')),
        'lines for who gathers logs',
      ).toEqual([]);
      // Nor does a history that is studied in it miss a file of the package.
      for (const study of [
        ['report', here('/var/lib/marie'), '--out', join(place, 'report.html')],
        ['export', here('/var/lib/marie'), '--out', join(place, 'tables')],
        ['verify', 'corpus:late-invoice', '--to', '9'],
      ]) {
        const { status, stderr } = spawnSync('node', [here(command.at(-1)!), 'replay', ...study], { encoding: 'utf8' });
        expect([status, stderr]).toEqual([0, expect.not.stringContaining('error')]);
      }
      expect(existsSync(join(image, 'opt/marie/node_modules/typescript')), 'no package for building is in it').toBe(
        false,
      );
    },
    LIMIT_MS,
  );
});

describe('the systemd unit', () => {
  const UNIT = join(ROOT, 'deploy', 'marie.service');

  // Skipped only where there is no systemd to look at it.
  it.skipIf(!hasSystemd)('is one that systemd takes, and lets the service do little', () => {
    const { stderr, status } = spawnSync('systemd-analyze', ['verify', UNIT], { encoding: 'utf8' });
    // Where Node isn't at the place of the unit, systemd says so; the unit is right all the same.
    const said = stderr.split('\n').filter((line) => line !== '' && !line.includes('/usr/bin/node is not executable'));
    expect(said).toEqual([]);
    if (existsSync('/usr/bin/node')) expect(status).toBe(0);
    const security = execFileSync('systemd-analyze', ['security', '--offline=true', UNIT], { encoding: 'utf8' });
    expect(Number(/exposure level for marie\.service: ([\d.]+)/u.exec(security)?.[1])).toBeLessThan(3);
  });

  it('starts what the image starts, as no root, and gives it time to end', () => {
    const unit = readFileSync(UNIT, 'utf8');
    expect(unit).toMatch(
      /^ExecStart=\S*node --max-semi-space-size=64 \/opt\/marie\/bin\/marie\.mjs up --data \/var\/lib\/marie --json \$MARIE_OPTIONS$/mu,
    );
    expect(unit).toMatch(/^DynamicUser=yes$/mu);
    expect(unit).toMatch(/^KillSignal=SIGTERM$/mu);
    // What a start that is ended by SIGTERM ends with is no failure of the service.
    expect(unit).toMatch(/^SuccessExitStatus=143$/mu);
    expect(Number(/^TimeoutStopSec=(\d+)$/mu.exec(unit)?.[1])).toBeGreaterThanOrEqual(30);
    // Without it a call outside the filter kills the process; Node asks for pkey_alloc, which @system-service has not.
    expect(unit).toMatch(/^SystemCallErrorNumber=EPERM$/mu);
  });
});

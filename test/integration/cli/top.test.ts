/** `marie top` as people start it: in a terminal, and in a pipe. */
import { afterAll, describe, expect, it } from 'vitest';
import { Pty, type PtyOptions } from '../../support/pty.js';
import { MARIE, marie } from './setup.js';
import { openWorld } from './world.js';

const ESC = '\u001b';
const ENTER = `${ESC}[?1049h`;
const LEAVE = `${ESC}[?25h${ESC}[?1049l`;
const COLOUR = new RegExp(`${ESC}\\[\\d+m`);

const world = await openWorld();
afterAll(() => world?.close());

function inTerminal(args: readonly string[], options?: PtyOptions): Pty {
  return new Pty([process.execPath, MARIE, 'top', '--url', world.url, ...args], options);
}

describe('in a terminal', () => {
  it.each([
    ['q', 0],
    ['typed before, then q', 0],
    ['\u0003', 130],
  ])('it stays until %j, and gives the terminal back', async (key, code) => {
    const pty = inTerminal(['--every', '0.2']);
    await pty.showing(/ocr .* 0\/5[\s\S]*q ends it/);
    expect(pty.said).toContain(ENTER);
    expect(pty.said).toMatch(COLOUR);
    pty.type(key);
    expect(await pty.ended()).toBe(code);
    expect(pty.said.endsWith(LEAVE)).toBe(true);
  });

  it('shows what changes', async () => {
    const pty = inTerminal(['--every', '0.1']);
    await pty.showing(/0 DAGs open/);
    await world.prepare('tenant-of-top', 'ended');
    await pty.showing(/1 DAG open[\s\S]*q ends it/);
    pty.type('q');
    expect(await pty.ended()).toBe(0);
  });

  it('has the usual size where nobody has said one, as on a serial line', async () => {
    const pty = inTerminal(['--count', '1'], { size: [0, 0] });
    expect(await pty.ended()).toBe(0);
    expect(pty.said).toMatch(/ocr .* 0\/5/);
  });

  it('has no colours where NO_COLOR is set', async () => {
    const pty = inTerminal(['--count', '1'], { env: { NO_COLOR: '1' } });
    expect(await pty.ended()).toBe(0);
    expect(pty.said).toContain('class ');
    expect(pty.said).not.toMatch(COLOUR);
  });
});

describe('in a pipe', () => {
  it('it is one look, as text', async () => {
    const { code, stdout, stderr } = await marie(['top', '--url', world.url]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^cell main .*\n.*DAGs? open.*\n[\s\S]*\nocr +░+ +0\/5 /);
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it('or as many as were asked for', async () => {
    const { code, stdout } = await marie(['top', '--url', world.url, '--count', '3', '--every', '0.1', '--json']);
    expect(code).toBe(0);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).cell),
    ).toEqual(['main', 'main', 'main']);
  });
});

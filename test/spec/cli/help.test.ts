/** Every command tells about itself: what it is for, what it takes, how it is called, what --json gives. */
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../../src/cli/program.js';
import { commandsOf } from '../../../src/cli/spec.js';
import { TREE } from '../../../src/cli/tree.js';

/** What `marie … --help` prints. */
async function helpOf(path: readonly string[]): Promise<string> {
  const program = buildProgram(TREE);
  const said: string[] = [];
  const listen = (command: typeof program): void => {
    command.configureOutput({ writeOut: (text) => said.push(text), outputError: () => undefined });
    command.commands.forEach(listen);
  };
  listen(program);
  await expect(program.parseAsync([...path, '--help'], { from: 'user' })).rejects.toMatchObject({ exitCode: 0 });
  return said.join('');
}

/** Lines are broken where a terminal ends. */
function flat(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** Whether it was written for people to copy: it stays in one line, as wide as it may be. */
function isCode(line: string): boolean {
  return /^ {2}(\$ |[\w ]+:| {2,}rates)/.test(line);
}

describe('help', () => {
  it.each(commandsOf(TREE).map(({ path }) => [path.join(' '), path] as const))(
    'of marie %s has no prose that is wider than a terminal of 80 columns',
    async (_name, path) => {
      const lines = (await helpOf(path)).split('\n');
      expect(lines.filter((line) => line.length > 80 && !isCode(line))).toEqual([]);
      for (const line of lines.filter((one) => one.length > 80 && one.startsWith('  $ '))) {
        expect(line).not.toMatch(/\S {3}\S/);
      }
    },
  );

  it.each(commandsOf(TREE).map(({ path, spec }) => [path.join(' '), path, spec] as const))(
    'of marie %s',
    async (_name, path, spec) => {
      const help = flat(await helpOf(path));
      expect(help).toContain(flat(spec.about));
      for (const { line } of spec.examples) expect(help).toContain(flat(`$ ${line}`));
      for (const { flags, about } of spec.options ?? []) {
        expect(help).toContain(flags);
        expect(help).toContain(flat(about));
      }
      for (const { about } of spec.arguments ?? []) expect(help).toContain(flat(about));
      expect(help).toContain(`With --json: schemas/cli/${spec.output}.json`);
      expect(help).toContain('--no-color');
    },
  );

  it('of marie lists every command that is not hidden, under a heading', async () => {
    const help = await helpOf([]);
    for (const { name, hidden } of TREE) {
      expect([name, new RegExp(`^  ${name}\\b`, 'm').test(help)]).toEqual([name, hidden !== true]);
    }
  });
});

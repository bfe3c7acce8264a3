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

describe('help', () => {
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

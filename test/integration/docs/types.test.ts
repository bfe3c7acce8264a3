/** The TypeScript of all pages is compiled as a reader's compiler would, against the built package. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allPages, project, readPage } from '../../support/docs/blocks.js';

const CONFIG = {
  extends: '../../tsconfig.base.json',
  compilerOptions: { noEmit: true, lib: ['ES2023'], types: ['node'] },
  include: ['*.ts'],
};

/** Compiles texts by the places that they stand at; gives what the compiler says, with those places. */
function compileAll(blocks: readonly { readonly place: string; readonly text: string }[]): string {
  const folder = join(project, '.marie', 'page-types');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(CONFIG));
  for (const [i, { text }] of blocks.entries()) writeFileSync(join(folder, `block-${i}.ts`), `${text}export {};\n`);
  const tsc = join(project, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', folder], { cwd: folder, encoding: 'utf8' });
  return (stdout + stderr).replace(/block-(\d+)\.ts/g, (_name, i: string) => blocks[Number(i)]?.place ?? i);
}

it('has no error of types', () => {
  const blocks = allPages().flatMap((page) => readPage(page));
  const typescript = blocks.filter(({ language }) => language === 'ts');
  expect(compileAll(typescript)).toBe('');
});

it('is refused if it has one', () => {
  const text = "import { defineExecutor } from 'marie-execution-fabric/executor';\ndefineExecutor({ class: 7 });\n";
  expect(compileAll([{ place: 'docs/wrong.md:3', text }])).toMatch(/docs\/wrong\.md:3.*error TS/);
});

/** Copies where there is no room for all of them. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/fabric/fabric.js';
import { compiled } from '../../support/fabric/program.js';

/** KiB of the largest file that the shell lets its programs write; not a multiple of what a stream gives at once. */
const MOST_KIB = 1464;

/** Copies a file of so many KiB in a shell with that limit; the exit code, and what it said. */
function copied(kib: number): Promise<{ readonly code: number; readonly said: string }> {
  const folder = temporaryFolder();
  const [from, to] = [join(folder, 'from'), join(folder, 'to')];
  writeFileSync(from, Buffer.alloc(kib * 1024, 7));
  const files = pathToFileURL(compiled('src/main/backup/files.js')).href;
  const program = `
    const { copyDigested } = await import('${files}');
    const { bytes } = await copyDigested(process.argv[1], process.argv[2], () => undefined);
    console.log(bytes);
  `;
  const node = [process.execPath, '--input-type=module', '--eval', program, from, to];
  return new Promise((resolve) => {
    execFile('bash', ['--norc', '-c', `ulimit -f ${MOST_KIB}; exec "$@"`, 'bash', ...node], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr });
    });
  });
}

it('a copy that had room is whole', async () => {
  expect(await copied(MOST_KIB)).toEqual({ code: 0, said: `${MOST_KIB * 1024}\n` });
});

it('a copy that had not is an error, and not a shorter copy', async () => {
  const { code, said } = await copied(MOST_KIB + 1);
  expect(code).toBe(1);
  expect(said).toContain('EFBIG');
});

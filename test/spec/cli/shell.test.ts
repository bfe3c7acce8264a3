import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { sh } from '../../../src/cli/text/shell.js';
import { remedy } from '../../../src/cli/text/why.js';

/** The words that a shell makes of a command. */
function wordsOf(command: string): string[] {
  const script = `node -e 'console.log(JSON.stringify(process.argv.slice(1)))' -- ${command}`;
  return JSON.parse(execFileSync('sh', ['-c', script], { encoding: 'utf8' })) as string[];
}

describe('a command for people', () => {
  it('has values that mean nothing else as they are', () => {
    const plain = 'kafka://host:9092/cell-1,2_%+=@.x';
    expect(sh`marie get ${plain} --jobs`).toBe(`marie get ${plain} --jobs`);
  });

  it
    .skipIf(process.platform === 'win32')
    .each([
      'two words',
      '$HOME',
      '`id`',
      "Ann's",
      '"a" \\ b',
      'page[3]',
      'a;b&c|d>e<f(g)#h',
      '*',
      '~',
      '!1',
      'größe 😀',
      '',
    ])('comes out of a shell with the value %j', (value) => {
    expect(wordsOf(sh`get ${value} ${value} --jobs`)).toEqual(['get', value, value, '--jobs']);
  });

  it('is what a reason suggests', () => {
    expect(remedy({ reason: 'waiting-for-signal', name: 'go on' }, 'a $b')?.[0]).toBe(
      "marie signal 'a $b' 'go on' ANSWER",
    );
  });
});

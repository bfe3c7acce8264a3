import { describe, expect, it } from 'vitest';
import { expectedAt } from '../../../src/cli/completion/context.js';
import { TREE } from '../../../src/cli/tree.js';

const at = (line: string) => expectedAt(TREE, line.split(' '));
const words = (line: string) => at(line).words.map(({ value }) => value);

describe('completion', () => {
  it('offers commands, then the verbs of a noun; nothing that is hidden', () => {
    expect(words('')).toEqual(expect.arrayContaining(['up', 'submit', 'executors']));
    expect(words('')).not.toContain('complete');
    expect(words('executors ')).toEqual(['list', 'cordon', 'uncordon', 'drain']);
    expect(words('executor ')).toContain('cordon');
    expect(words('nonsense ')).toEqual([]);
  });

  it('offers commands, their verbs and the topics of help', () => {
    expect(words('help ')).toEqual(expect.arrayContaining(['submit', 'executors', 'exit-codes']));
    expect(words('help executors ')).toEqual(['list', 'cordon', 'uncordon', 'drain']);
    expect(at('help submit ')).toMatchObject({ source: null, words: [] });
  });

  it('offers options, also those of the usual verb', () => {
    expect(words('submit --')).toEqual(expect.arrayContaining(['--input', '--wait', '--url', '--json']));
    expect(words('executors --')).toContain('--class');
    expect(words('list --risk ')).toContain('at-risk');
  });

  it('knows what stands where, whatever options are in between', () => {
    expect(at('cancel ')).toMatchObject({ source: 'dag', given: [] });
    expect(at('cancel invoice-17 ')).toMatchObject({ source: 'job', given: ['invoice-17'] });
    expect(at('cancel --reason late --json invoice-17 ')).toMatchObject({ source: 'job', given: ['invoice-17'] });
    expect(at('cancel invoice-17 split ')).toMatchObject({ source: null });
    expect(at('dags get ')).toMatchObject({ source: 'dag' });
    expect(at('get --tenant ')).toMatchObject({ source: 'tenant' });
    expect(at('submit -i ')).toMatchObject({ source: 'file' });
    expect(at('cancel --reason ')).toMatchObject({ source: null, words: [] });
  });

  it('keeps the address and tenant that were given for the look-up', () => {
    for (const line of ['get --url http://x:1 --tenant acme ', 'get --url=http://x:1 --tenant=acme ']) {
      expect([...at(line).options]).toEqual([
        ['--url', 'http://x:1'],
        ['--tenant', 'acme'],
      ]);
      expect(at(line)).toMatchObject({ source: 'dag', given: [] });
    }
  });
});

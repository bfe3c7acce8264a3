/** A journal that was anonymised tells the same story about nobody. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { anonymise, openJournal, Play, verify } from '../../../replay/index.js';
import { dispatchesOf } from '../../../replay/what-if/dispatches.js';
import { fanOut, job, json, when } from '../../support/kernel/build.js';
import { Stage } from '../../support/replay/stage.js';
import { inFolder, turnsOf } from './history.js';

it('keeps turns, times and decisions of a journal, and none of its names', () =>
  inFolder(async (folder) => {
    const history = await openJournal('corpus:busy-minute');
    await anonymise(history, folder);
    await expect(anonymise(history, folder)).rejects.toMatchObject({ code: 'target-not-empty' });
    const before = await turnsOf('replay/corpus/busy-minute');
    const after = await turnsOf(folder);
    expect(await verify(folder)).toMatchObject({ ok: true, turns: before.length });
    expect(after.map(({ at }) => at)).toEqual(before.map(({ at }) => at));
    expect(after.map(({ entries }) => entries.map(({ code }) => code))).toEqual(
      before.map(({ entries }) => entries.map(({ code }) => code)),
    );
    expect(after.flatMap(({ entries }) => dispatchesOf(entries))).toEqual(
      before.flatMap(({ entries }) => dispatchesOf(entries)),
    );
    const text = (await readFile(join(folder, '0000000000000001.turns'))).toString('latin1');
    for (const name of ['acme', 'beta', 'invoice', 'ocr-0']) expect([name, text.includes(name)]).toEqual([name, false]);
  }));

it('still reads outputs as it did, and can be played again', () =>
  inFolder(async (folder) => {
    const condition = when({ job: 'split', at: '/kind', op: 'eq', value: 'letter of Miller' });
    const jobs = [
      job('split', { inputs: [{ name: 'pdf', value: json('secret'), uri: null, from: null, at: null }] }),
      job('page', { after: ['split'], fanOut: fanOut({ from: 'split', at: '/pages', over: true }) }),
      job('sign', { after: ['split'], when: condition }),
    ];
    const output = json({ kind: 'letter of Miller', pages: ['private one', 'private two', 'private three'] });
    const scene = new Stage((_dag, name) => (name === 'split' ? { afterMs: 500, output } : 700))
      .executor('anna-laptop', 2)
      .submit(100, 'letter-to-miller', jobs, { labels: [{ name: 'case', value: 'Miller' }] });
    await anonymise(scene.play(), folder);
    const text = (await readFile(join(folder, '0000000000000001.turns'))).toString('latin1');
    for (const name of ['iller', 'private', 'secret', 'anna'])
      expect([name, text.includes(name)]).toEqual([name, false]);
    const play = await Play.of(await openJournal(folder));
    const { parting, numbers } = await play.run({});
    expect(parting).toBeNull();
    expect(numbers).toMatchObject({ dispatches: 5, dags: { succeeded: 1 } });
  }));

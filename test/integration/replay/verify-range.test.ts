/** An audit that begins with a snapshot: it takes that for right, and finds behind it what an audit of the whole finds. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeDocuments } from '../../../bench/support/documents-history.js';
import { type Moment, openJournal, type PassedOver, takeSnapshots, verify } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { TurnRecord } from '../../../src/catalogue/generated/types.js';
import { inFolder, turnsOf, writeTurns } from './history.js';

const CORPUS = 'replay/corpus/late-invoice';
const TURNS = 276;
const EVERY = 50;
/** Behind the second snapshot and before the third. */
const FORGED_FROM = 120;

interface Place {
  readonly journal: string;
  readonly snapshots: string;
}

/** A journal of these turns, and snapshots of one beside it. */
async function inPlace(turns: readonly TurnRecord[], run: (place: Place) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const place = { journal: join(folder, 'journal'), snapshots: join(folder, 'snapshots') };
    await takeSnapshots(await openJournal(CORPUS, { snapshots: place.snapshots }), { everyTurns: EVERY });
    await writeTurns(place.journal, turns);
    await run(place);
  });
}

function audit({ journal, snapshots }: Place, options: { from?: Moment; to?: Moment; again?: boolean } = {}) {
  const passedOver: PassedOver[] = [];
  const onPassedOver = (what: PassedOver) => passedOver.push(what);
  return verify(journal, { ...options, snapshots, onPassedOver }).then((report) => ({ ...report, passedOver }));
}

/** The same history with a lease that says that it is of a later attempt. */
function forged(turns: readonly TurnRecord[]): { readonly turns: readonly TurnRecord[]; readonly at: number } {
  const index = turns.findIndex(
    ({ turn, entries }) => turn > FORGED_FROM && entries.some(({ code }) => code === Code.LeaseGranted),
  );
  const changed = turns.map((turn, i) => {
    if (i !== index) return turn;
    const entries = turn.entries.map((entry) =>
      entry.code === Code.LeaseGranted ? { ...entry, body: { ...entry.body, attempt: entry.body.attempt + 1 } } : entry,
    );
    return { ...turn, entries };
  });
  return { turns: changed, at: index + 1 };
}

describe('an audit from a moment on', () => {
  it('goes on from the newest snapshot before it, and comes to the same end', async () => {
    const turns = await turnsOf(CORPUS);
    await inPlace(turns, async (place) => {
      const whole = await audit(place);
      expect(whole).toMatchObject({ ok: true, after: 0, turns: TURNS });
      for (const [from, after] of [
        [1, 0],
        [EVERY, 0],
        [EVERY + 1, EVERY],
        [130, 100],
        [TURNS, 250],
      ] as const) {
        for (const again of [false, true]) {
          const report = await audit(place, { from: { turn: from }, again });
          expect(report).toMatchObject({ ok: true, after, turns: TURNS - after, head: whole.head, passedOver: [] });
        }
      }
      const { at } = turns[150]!;
      expect(await audit(place, { from: { atMs: at } })).toMatchObject({ ok: true, after: 150, head: whole.head });
      // A snapshot of that very millisecond stands behind turns that are asked for.
      expect(await audit(place, { from: { atMs: turns[149]!.at } })).toMatchObject({ ok: true, after: 100 });
    });
  });

  it('ends with the last moment that it was asked for', async () => {
    const turns = await turnsOf(CORPUS);
    await inPlace(turns, async (place) => {
      const report = await audit(place, { from: { turn: 130 }, to: { turn: 140 } });
      expect(report).toMatchObject({ ok: true, after: 100, turns: 40, head: { turn: 140 } });
      expect(report.stateHash).toBe(Buffer.from(turns[139]!.stateHash).toString('hex'));
      expect(await audit(place, { to: { atMs: turns[139]!.at } })).toMatchObject({ after: 0, head: { turn: 140 } });
    });
  });

  it('finds the wrong turn behind the snapshot, with what differs, as an audit of the whole does', async () => {
    const { turns, at } = forged(await turnsOf(CORPUS));
    await inPlace(turns, async (place) => {
      const whole = await audit(place);
      expect(whole).toMatchObject({ ok: false, problem: { turn: at } });
      expect(whole.problem?.differences?.entriesInAll).toBeGreaterThan(0);
      const report = await audit(place, { from: { turn: at } });
      expect(report).toMatchObject({ after: 100, turns: at - 101, passedOver: [] });
      expect(report.problem).toEqual(whole.problem);
    });
  });

  it('does not begin with a snapshot of a history that went on otherwise', async () => {
    const { turns, at } = forged(await turnsOf(CORPUS));
    await inPlace(turns, async (place) => {
      const report = await audit(place, { from: { turn: TURNS } });
      expect(report).toMatchObject({ after: 100, problem: { turn: at } });
      expect(report.passedOver.map(({ code }) => code)).toEqual(Array(3).fill('snapshot-unusable'));
    });
  });

  it('does not begin with a damaged snapshot', async () => {
    await inPlace(await turnsOf(CORPUS), async (place) => {
      const newest = (await readdir(place.snapshots)).sort().find((name) => Number.parseInt(name, 10) === 250)!;
      const file = await open(join(place.snapshots, newest), 'r+');
      await file.truncate(100);
      await file.close();
      const report = await audit(place, { from: { turn: TURNS } });
      expect(report).toMatchObject({ ok: true, after: 200 });
      expect(report.passedOver).toMatchObject([{ name: newest, code: 'snapshot-damaged' }]);
    });
  });

  it('finds that all invariants hold where DAGs have ended and were forgotten before it', () =>
    inFolder(async (data) => {
      await writeDocuments(join(data, 'journal'), 20_000, { retainTerminalJobs: 500 });
      const history = await openJournal(data);
      await takeSnapshots(history, { everyTurns: 2 });
      const last = await history.lastTurn();
      for (let turn = 3; turn <= last; turn += 2) {
        const report = await verify(join(data, 'journal'), { from: { turn }, snapshots: join(data, 'snapshots') });
        expect(report).toMatchObject({ ok: true, after: turn - 1, turns: last - turn + 1 });
      }
    }));
});

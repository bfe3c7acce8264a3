/** What commands about journals give. */
import { z } from 'zod';
import { atMs, count, turn } from '../../answers/schemas.js';

const header = z
  .looseObject({ type: z.literal('Turn'), turn, at: atMs, hash: z.string(), stateHash: z.string() })
  .describe('A turn; its entries follow.');

const entry = z
  .object({
    id: z.string().describe('cell:turn:index'),
    type: z.string().describe('Name of the input or event in the catalogue.'),
    turn,
    index: count,
    atMs,
    cause: z.int().optional().describe('For an event: index of the input that caused it, or a negative number.'),
    envelope: z.record(z.string(), z.unknown()).optional().describe('For an input.'),
    data: z.record(z.string(), z.unknown()),
  })
  .describe('An input or an event.');

export const journalLine = z.union([header, entry]).describe('One line for each turn and each of its entries.');

const loss = z.object({
  files: z.array(z.string()),
  bytes: count,
  readableTurns: count,
  lastReadableTurn: turn.nullable(),
});

export const journalRepair = z
  .object({
    folder: z.string(),
    segments: z.array(z.object({ file: z.string(), firstTurn: turn, bytes: count, turns: count })),
    rightUpToTurn: turn,
    damage: z
      .object({
        turn,
        file: z.string(),
        offset: count,
        reason: z.string(),
        torn: z.boolean(),
        loss: loss.nullable(),
      })
      .nullable(),
    cut: z.array(z.object({ file: z.string(), kept: z.string(), bytes: count })),
    headTurn: turn,
    storeAside: z.string().nullable(),
  })
  .describe('What is wrong with a journal, and what was cut.');

const row = { table: z.string(), key: z.tuple([z.number(), z.number()]), name: z.string().nullable() };

const violation = z.object({
  invariant: z.string().describe('Such as I5, of docs/faults.md.'),
  what: z.string(),
  rows: z.array(z.object(row)),
  found: z.number(),
  expected: z.number(),
});

const entryView = z.object({ type: z.string(), cause: z.int().nullable(), data: z.unknown() }).nullable();
const value = z.union([z.number(), z.string()]);

const differences = z
  .object({
    stateHash: z.object({ recorded: z.string(), folded: z.string().nullable(), decided: z.string() }),
    entries: z.array(z.object({ index: count, recorded: entryView, decided: entryView })),
    entriesInAll: count,
    rows: z.array(z.object({ ...row, fields: z.record(z.string(), z.tuple([value, value])) })),
    rowsInAll: count,
  })
  .describe('How the turn differs from what the kernel decides in its place; values recorded and decided.');

export const replayVerify = z
  .object({
    folder: z.string(),
    ok: z.boolean(),
    after: count.describe('The turn of the snapshot that it went on from; 0: it began with the first turn.'),
    turns: count.describe('Turns that were folded and compared.'),
    entries: count,
    events: count,
    seconds: z.number(),
    eventsPerSecond: z.number(),
    stateHash: z.string(),
    head: z.object({ turn, hash: z.string(), stateHash: z.string() }),
    torn: z.object({ turn, file: z.string(), offset: count, detail: z.string() }).nullable(),
    problem: z
      .object({
        turn,
        code: z.string(),
        detail: z.string(),
        entries: z.record(z.string(), count).nullable(),
        violations: z.array(violation).describe('Invariants that do not hold at the turn.'),
        differences: differences.nullable(),
      })
      .nullable(),
  })
  .describe('What an audit of a history found.');

export const exported = z
  .object({ out: z.string(), firstTurn: turn, lastTurn: z.int(), turns: count })
  .describe('The turns that were copied.');

export const journalImported = z
  .object({ to: z.string().describe('The cell, as it was named.'), turns: count })
  .describe('The turns that were written.');

const saved = {
  cell: z.string(),
  turn: turn.describe('The last turn that is in it.'),
  blobs: count,
  bytes: count.describe('Of all that is in it.'),
  archive: z.boolean().describe('Whether the archive is in it.'),
  snapshot: z
    .string()
    .nullable()
    .describe('The snapshot that is in it; null where the journal has its first turn, or only the archive is in it.'),
};

export const backedUp = z.object({ backup: z.string().describe('The folder that was made.'), ...saved });

export const restored = z.object({
  data: z.string().describe('The data directory that was made.'),
  ...saved,
  after: turn.describe('The turn of the snapshot with which the fold began; 0: it began with the first turn.'),
});

const problem = z.object({ code: z.string(), detail: z.string() });

const snapshot = { name: z.string(), turn, atMs, entries: count.describe('Rows of all kinds.'), bytes: count };

export const snapshotCreate = z
  .object({ snapshots: z.array(z.object(snapshot)) })
  .describe('The snapshots that were taken, in the order of their turns.');

export const snapshotList = z
  .object({
    snapshots: z.array(
      z.object({
        name: z.string(),
        turn,
        atMs: atMs.nullable(),
        layout: count.nullable().describe('Number of the row layout of its rows.'),
        entries: count.nullable(),
        bytes: count.nullable(),
        problem: problem.nullable(),
      }),
    ),
  })
  .describe('The snapshots that are there, the newest first; nulls where one can not be opened.');

export const snapshotVerify = z
  .object({
    snapshots: z.array(
      z.object({
        name: z.string(),
        ok: z.boolean(),
        turn: turn.nullable(),
        atMs: atMs.nullable(),
        entries: count.nullable(),
        bytes: count.nullable(),
        comparedWithJournal: z.boolean(),
        problem: problem.nullable(),
      }),
    ),
  })
  .describe('What was found of each snapshot, the newest first.');

export const replayIndex = z
  .object({
    file: z.string(),
    turn: turn.describe('The last turn that is in it.'),
    dags: count,
    news: z.enum(['made', 'carried-on', 'current']),
  })
  .describe('The index of a journal as it is now.');

export const journalArchive = z
  .object({
    archive: z.string().describe('The folder of the archive.'),
    snapshot: z.string().describe('The snapshot that stands for what went.'),
    turns: count.describe('Turns that went into the archive, or would.'),
    journalFirstTurn: turn.describe('The turn with which the journal begins now.'),
    dryRun: z.boolean(),
  })
  .describe('What was archived.');

import { atLeast } from '../arguments.js';
import type { ArgumentSpec, CommandSpec, GroupSpec, OptionSpec } from '../spec.js';

const JOURNAL: ArgumentSpec = {
  name: '<journal>',
  about: 'a data directory, a journal folder, or an export',
  complete: 'directory',
};

const FOLDER: OptionSpec = {
  flags: '--snapshots <dir>',
  about: 'where the snapshots are, if not beside the journal',
  complete: 'directory',
};

const create: CommandSpec = {
  name: 'create',
  about: 'Fold a history up to a moment, and write all rows as they stood then.',
  arguments: [JOURNAL],
  options: [
    { flags: '--at <moment>', about: 'a turn, or a time such as 2026-01-31T08:30:00Z (default: the end)' },
    {
      flags: '--every <turns>',
      about: 'one after every so many turns on the way, too',
      parse: atLeast(1, 'a number of turns'),
    },
    FOLDER,
  ],
  notes: `The fold goes on from the newest snapshot that is there. The fabric may run meanwhile: it is not asked, and its
store is not touched. A fabric takes snapshots by itself where its configuration says so (snapshots: in marie up --help).`,
  examples: [
    { line: 'marie snapshot create marie-data' },
    { line: 'marie snapshot create marie-data --every 4 --snapshots marks' },
  ],
  output: 'snapshot-create',
  load: async () => (await import('../actions/snapshot.js')).snapshotCreate,
};

const list: CommandSpec = {
  name: 'list',
  about: 'List the snapshots of a history, the newest first.',
  arguments: [JOURNAL],
  options: [FOLDER],
  examples: [{ line: 'marie snapshot list marie-data' }],
  output: 'snapshot-list',
  load: async () => (await import('../actions/snapshot.js')).snapshotList,
};

const verify: CommandSpec = {
  name: 'verify',
  about: 'Read all of the snapshots of a history, and say which can be relied on.',
  arguments: [{ ...JOURNAL, about: `${JOURNAL.about}, or one snapshot` }],
  options: [FOLDER],
  notes: `Every checksum is compared, the state hash is counted afresh from the rows, and the journal must have the very
turn that the snapshot stands for.`,
  examples: [{ line: 'marie snapshot verify marie-data' }],
  output: 'snapshot-verify',
  load: async () => (await import('../actions/snapshot.js')).snapshotVerify,
};

export const snapshot: GroupSpec = {
  name: 'snapshot',
  aliases: ['snapshots'],
  section: 'Histories',
  about: 'Keep the state at turns, so that a start or a look at a moment need not fold everything.',
  commands: [create, list, verify],
};

import { PLACE, turnNumber } from '../arguments.js';
import type { CommandSpec, GroupSpec } from '../spec.js';

const cat: CommandSpec = {
  name: 'cat',
  about: 'Print the inputs and events of a journal, also of a running fabric.',
  arguments: [PLACE],
  options: [
    { flags: '--from <turn>', about: 'first turn', parse: turnNumber },
    { flags: '--to <turn>', about: 'last turn', parse: turnNumber },
    { flags: '--type <names>', about: 'only these inputs and events, such as SubmitDag,JobSucceeded' },
  ],
  notes: `With --json every entry is one line, as in the lifecycle stream, after a line of type Turn for its turn (left out
with --type).`,
  examples: [
    { line: 'marie journal cat marie-data --from 2 --to 5' },
    { line: 'marie journal cat marie-data --type JobFailed --json | jq .data.code' },
    { line: 'marie journal cat kafka://127.0.0.1:9092/main --from 2 --to 5' },
  ],
  output: 'journal-line',
  lines: true,
  load: async () => (await import('../actions/journal-cat.js')).journalCat,
};

const repair: CommandSpec = {
  name: 'repair',
  about: 'Say what is wrong with a journal, and cut what can not be trusted.',
  arguments: [{ name: '<dir>', about: 'a data directory or a journal folder', complete: 'directory' }],
  options: [
    { flags: '--accept-loss', about: 'also cut turns that were, or may have been, acknowledged' },
    { flags: '--dry-run', about: 'only say what is wrong' },
  ],
  notes: `A torn last record, as a loss of power leaves it, is cut without more ado. For anything else the turns after the
damage are lost: that needs --accept-loss. What is cut is kept in files beside. With it a store that stands for turns which
are not there is moved aside, also where no file of the journal is left; the next start makes it anew.`,
  examples: [
    { line: 'marie journal repair marie-data --dry-run' },
    { line: 'marie journal repair marie-data --accept-loss' },
  ],
  output: 'journal-repair',
  load: async () => (await import('../actions/journal-repair.js')).journalRepair,
};

const importCommand: CommandSpec = {
  name: 'import',
  about: 'Write a journal into the empty journal topic of a cell on Kafka, byte by byte as it is.',
  arguments: [PLACE, { name: '<cell>', about: 'kafka://host:port/cell; the journal must be of a cell of that name' }],
  notes: `The topics are there already (marie kafka init). A fabric of files goes on with Kafka so: end it, import its journal,
start it with --kafka.`,
  examples: [{ line: 'marie journal import marie-data kafka://127.0.0.1:9092/main' }],
  output: 'journal-import',
  load: async () => (await import('../actions/journal-import.js')).journalImport,
};

const archive: CommandSpec = {
  name: 'archive',
  about: 'Move the turns below the newest good snapshot into a journal of their own, and delete them here.',
  arguments: [PLACE],
  options: [
    {
      flags: '--to <dir>',
      about: 'the archive; one that is there gets the turns after its last (default: archive, in the data directory)',
      complete: 'directory',
    },
    {
      flags: '--snapshots <dir>',
      about: 'where the snapshots are, if not beside the journal',
      complete: 'directory',
    },
    { flags: '--dry-run', about: 'only say how much would go, or why it would be refused' },
  ],
  notes: `The snapshot is read whole first. What goes is written, and the chain of the whole archive is checked up to the turn
with which the journal goes on; only then it is deleted: of files whole segments, on Kafka the records before the
snapshot's turn. Interrupted, it goes on when it is called again. The fabric may run. Every command that reads a journal
reads both as one: the archive in the data directory by itself; one of a cell on Kafka, which needs --to, as
old-turns+kafka://host:port/cell.`,
  examples: [{ line: 'marie journal archive marie-data --snapshots kept-snapshots --dry-run' }],
  output: 'journal-archive',
  load: async () => (await import('../actions/journal-archive.js')).journalArchive,
};

export const journal: GroupSpec = {
  name: 'journal',
  section: 'Histories',
  about: 'Read, repair, archive and import a journal.',
  commands: [cat, importCommand, archive, repair],
};

import type { CommandSpec } from '../spec.js';

export const backup: CommandSpec = {
  name: 'backup',
  section: 'Histories',
  about: 'Copy journal and blobs of a fabric into a folder, while it runs or not.',
  arguments: [
    { name: '<dir>', about: 'a data directory', complete: 'directory' },
    { name: '<out>', about: 'the folder to make', complete: 'directory' },
  ],
  options: [{ flags: '--blobs <dir>', about: 'where blobs are, if not in the data directory', complete: 'directory' }],
  notes: `The journal is copied up to the last whole turn, and checked on the way; then the blobs, so that none is missing that a
turn speaks of. The store is not copied: a fabric makes it of the journal when it starts. The folder gets its name when
it is whole.`,
  examples: [{ line: 'marie backup marie-data backup-monday' }],
  output: 'backup',
  load: async () => (await import('../actions/backup.js')).backup,
};

export const restore: CommandSpec = {
  name: 'restore',
  section: 'Histories',
  about: 'Make a data directory of a backup, and check all of it.',
  arguments: [
    { name: '<backup>', about: 'a folder that marie backup made', complete: 'directory' },
    { name: '<dir>', about: 'the data directory to make', complete: 'directory' },
  ],
  options: [],
  notes: `Every file is compared with the backup's manifest, the chain of the journal is checked, and every turn is folded again.
The directory gets its name only when all of it is right. The fabric whose backup it is must not go on: both would be
the same cell.`,
  examples: [{ line: 'marie restore backup-sunday restored-data' }],
  output: 'restore',
  load: async () => (await import('../actions/backup.js')).restoreBackup,
};

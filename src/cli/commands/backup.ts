import type { CommandSpec } from '../spec.js';

export const backup: CommandSpec = {
  name: 'backup',
  section: 'Histories',
  about: 'Copy journal and blobs of a fabric into a folder, while it runs or not.',
  arguments: [
    { name: '<dir>', about: 'a data directory', complete: 'directory' },
    { name: '<out>', about: 'the folder to make', complete: 'directory' },
  ],
  options: [
    { flags: '--blobs <dir>', about: 'where blobs are, if not in the data directory', complete: 'directory' },
    {
      flags: '--snapshots <dir>',
      about: 'where the snapshots are, if not beside the journal',
      complete: 'directory',
    },
    { flags: '--without-archive', about: 'leave out the archive in the data directory' },
  ],
  notes: `The journal is copied up to the last whole turn, and checked on the way; then the blobs, so that none is missing that a
turn speaks of. The store is not copied: a fabric makes it of the journal when it starts. Where the first turns were
archived, it makes it from a snapshot: then the newest good one is copied, too, and the archive that is in the data
directory. An archive that is left out, or elsewhere, is not needed to go on, only to fold the first turns again. Where no
snapshot can be used, an archive that goes back to turn 1 is enough; then marie snapshot create comes between restoring and
starting. The folder gets its name when it is whole.`,
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
  notes: `Every file is compared with the backup's manifest, the chain of the journal is checked, and every turn is folded again,
or every turn after that of the snapshot where the archive is not in the backup. An archive, or snapshots, that somebody
has copied into a backup that had none are checked in the same way. The directory gets its name only when all of it is
right. The fabric whose backup it is must not go on: both would be the same cell.`,
  examples: [{ line: 'marie restore backup-sunday restored-data' }],
  output: 'restore',
  load: async () => (await import('../actions/backup.js')).restoreBackup,
};

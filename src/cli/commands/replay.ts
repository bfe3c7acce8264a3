import type { CommandSpec, GroupSpec } from '../spec.js';

const verify: CommandSpec = {
  name: 'verify',
  about: "Fold a journal again from its first turn, and compare every turn's state hash.",
  arguments: [{ name: '<dir>', about: 'a data directory, a journal folder, or an export', complete: 'directory' }],
  examples: [{ line: 'marie replay verify marie-data' }],
  output: 'replay-verify',
  load: async () => (await import('../actions/replay-verify.js')).replayVerify,
};

export const replay: GroupSpec = {
  name: 'replay',
  section: 'Histories',
  about: 'Study a history.',
  commands: [verify],
};

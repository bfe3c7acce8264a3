import { SHELLS } from '../completion/shells.js';
import type { CommandSpec } from '../spec.js';

export const completion: CommandSpec = {
  name: 'completion',
  section: 'Help',
  about: 'Print the script that completes marie in a shell, with the ids that the fabric knows.',
  arguments: [{ name: '<shell>', about: SHELLS.join(', '), complete: SHELLS }],
  notes: `To have it at every start of a shell:
  bash:  echo 'source <(marie completion bash)' >> ~/.bashrc
  zsh:   echo 'source <(marie completion zsh)' >> ~/.zshrc          (after compinit)
  fish:  marie completion fish > ~/.config/fish/completions/marie.fish`,
  examples: [
    { line: 'source <(marie completion bash)', about: 'for this shell' },
    { line: 'marie completion fish > marie.fish' },
  ],
  output: 'completion',
  load: async () => (await import('../actions/completion.js')).completion,
};

/** What the scripts ask. */
export const complete: CommandSpec = {
  name: 'complete',
  hidden: true,
  about: 'Tell what the last of some words can be; the completion scripts ask this.',
  arguments: [{ name: '[words...]', about: 'the words after marie, up to the cursor' }],
  examples: [{ line: 'marie complete -- executors cordon oc' }],
  output: 'candidates',
  load: async (tree) => (await import('../actions/completion.js')).complete(tree),
};

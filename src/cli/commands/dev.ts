import type { CommandSpec } from '../spec.js';

export const dev: CommandSpec = {
  name: 'dev',
  section: 'Developing',
  about: 'Run the executors of a TypeScript file, and reload it when it or what it imports changes.',
  remote: true,
  arguments: [{ name: '<file>', about: 'exports executors: export default defineExecutor({ … })', complete: 'file' }],
  notes: `A changed file takes over as soon as the fabric has its executors; jobs that run end with the code that they began
with. One that can't be used is told of, and what ran before runs on. Ctrl-C lets running jobs end first.`,
  examples: [{ line: 'marie dev my-executor.ts' }, { line: 'marie dev my-executor.ts --url http://127.0.0.1:7420' }],
  output: 'dev',
  lines: true,
  load: async () => (await import('../actions/dev.js')).dev,
};

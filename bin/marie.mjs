#!/usr/bin/env node
// The command `marie`: hands over to the compiled CLI.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cli = new URL('../dist/src/cli/main.js', import.meta.url);
if (existsSync(fileURLToPath(cli))) {
  await import(cli.href);
} else {
  process.stderr.write('marie: not built yet. Run `npm run build` in the project folder first.\n');
  process.exitCode = 1;
}

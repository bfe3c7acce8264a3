#!/usr/bin/env -S node --max-semi-space-size=64
// The command `marie`: hands over to the compiled CLI. Most objects of a fabric live for one turn: with a larger young
// generation (64 MiB) they die there, and collecting them costs half.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cli = new URL('../dist/src/cli/main.js', import.meta.url);
if (existsSync(fileURLToPath(cli))) {
  await import(cli.href);
} else {
  process.stderr.write('marie: not built yet. Run `npm run build` in the project folder first.\n');
  process.exitCode = 1;
}

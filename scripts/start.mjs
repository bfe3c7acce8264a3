// `npm start`: from a fresh clone to a running fabric that processes the sample document. Arguments go to the demo:
// `npm start -- --exit` ends after the result. The demo runs in this process: there is no second one to start, and
// signals reach it as they come.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { main, prepare, root } from './lib/prepare.mjs';

await main(async () => {
  process.stderr.write('marie: starting the embedded fabric with the document example\n');
  await prepare();
  await import(pathToFileURL(join(root, 'dist', 'src', 'main', 'demo.js')).href);
});

// `npm start`: from a fresh clone to a running fabric that processes the sample document. Arguments go to the demo:
// `npm start -- --exit` ends after the result.
import { become, main, prepare } from './lib/prepare.mjs';

await main(async () => {
  process.stderr.write('marie: starting the embedded fabric with the document example\n');
  await prepare();
  await become('src/main/demo.js', process.argv.slice(2));
});

// `npm run -s bench -- NAME [--json]`: builds if needed (messages on stderr only), then runs the benchmark.
import { become, main, prepare } from './lib/prepare.mjs';

await main(async () => {
  await prepare();
  await become('bench/main.js', process.argv.slice(2));
});

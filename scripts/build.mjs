// `npm run build`: compiles src, replay, examples and bench to dist/, if anything changed since the last build.
import { main, prepare } from './lib/prepare.mjs';

await main(() => prepare());

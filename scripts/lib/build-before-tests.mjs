// Vitest's global set-up of the kinds that start the compiled program: `npx vitest run test/e2e` never runs an old one.
import { prepare } from './prepare.mjs';

export default () => prepare();

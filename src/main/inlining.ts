/**
 * Lets V8 take more functions into their callers than it does by itself. The kernel is many small functions, and what
 * V8 knows of an object is gone at each call that it makes: with room for 4,000 bytes of bytecode a function, where it
 * has 920, a decision of the planner takes a seventh less time (docs/adr/0016-a-class-for-each-table.md). Imported
 * first, for what it does.
 */
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--max-inlined-bytecode-size-cumulative=4000');
setFlagsFromString('--max-inlined-bytecode-size=800');

/** JSON as the kernel sees it: bytes as received, validated once, looked into without decoding, compared exactly. */
export { arrayLength, itemsOf } from './array.js';
export { compareNumbers, integer } from './decimal.js';
export { equalValues } from './equal.js';
export { Lookup } from './lookup.js';
export { at, parsePointer, pointerToken } from './pointer.js';
export { validate } from './scan.js';
export { bytesOf, membersOf, rootSpan, textOf, typeAt } from './span.js';
export { compareStrings } from './units.js';
export { evaluate, jobsOf, type ReadOutput } from './when.js';
export { parseWhen, WHEN_LIMITS } from './when-parse.js';

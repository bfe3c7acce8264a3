/** JSON as the kernel sees it: bytes as received, validated once, looked into without decoding, compared exactly. */
export { arrayItem, arrayLength, itemsOf } from './array.js';
export { compareNumbers, integer } from './decimal.js';
export { equalValues } from './equal.js';
export { at, find, parsePointer, pointerToken } from './pointer.js';
export { type JsonFault, type JsonFaultReason, type JsonLimits, validate } from './scan.js';
export { bytesOf, type JsonType, membersOf, rootSpan, type Span, textOf, typeAt } from './span.js';
export { compareStrings, isText } from './units.js';
export {
  type Condition,
  evaluate,
  jobsOf,
  WHEN_OPERATORS,
  type WhenGroup,
  type WhenOperator,
  type WhenTest,
} from './when.js';
export { type ParsedWhen, parseWhen, WHEN_LIMITS, type WhenLimits, type WhenProblem } from './when-parse.js';

/** Refusals are data: they name what is wrong and where (law 10). */
import { Code } from '../../catalogue/generated/codes.js';
import type { ErrorCode } from '../../catalogue/generated/errors.js';
import type { Problem } from '../../catalogue/generated/types.js';
import type { OpenTurn } from '../open-turn.js';

/** Refuses the input at hand for one reason. */
export function refuse(t: OpenTurn, code: ErrorCode, path: string, detail: string, dag = -1): void {
  t.emit(Code.InputRefused, { code, dag, problems: [{ code, path, detail }] });
}

/** Refuses the input at hand for several reasons; the first gives the code. */
export function refuseAll(t: OpenTurn, problems: readonly Problem[], dag = -1): void {
  t.emit(Code.InputRefused, { code: problems[0]!.code, dag, problems });
}

/** Answers a repeat with the first answer. */
export function repeat(t: OpenTurn, code: 'already-accepted' | 'duplicate-input', dag: number, turn = -1): void {
  t.emit(Code.DuplicateInput, { code, dag, turn });
}

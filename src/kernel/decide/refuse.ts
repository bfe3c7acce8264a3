/** Refusals are data: they name what is wrong and where (law 10). */
import { Code } from '../../catalogue/generated/codes.js';
import type { ErrorCode } from '../../catalogue/generated/errors.js';
import type { Problem } from '../../catalogue/generated/types.js';
import { REMEMBER_INPUT_MS } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';

/** Refuses the input at hand for one reason. */
export function refuse(t: OpenTurn, code: ErrorCode, path: string, detail: string, dag = -1): void {
  t.emit(Code.InputRefused, { code, dag, problems: [{ code, path, detail }] });
}

/** Refuses the input at hand for several reasons; the first gives the code. */
export function refuseAll(t: OpenTurn, problems: readonly Problem[]): void {
  t.emit(Code.InputRefused, { code: problems[0]!.code, dag: -1, problems });
}

/** A terminal callback that repeats the accepted one is accepted. */
export function repeatCallback(t: OpenTurn, dag: number): void {
  t.emit(Code.DuplicateInput, { code: 'already-accepted', dag, turn: -1, atMs: -1, refused: null });
}

/** A submission with a known idempotency key is answered with the DAG of the first one. */
export function repeatSubmission(t: OpenTurn, dag: number): void {
  const { dags } = t.state;
  const row = dags.find(dag);
  const { acceptedTurn, acceptedAtMs } = dags.c;
  const [turn, atMs] = [acceptedTurn[row]!, acceptedAtMs[row]!];
  t.emit(Code.DuplicateInput, { code: 'already-accepted', dag, turn, atMs, refused: null });
}

/** What is remembered under this number is answered as it was at first, carried out or refused. */
export function repeatInput(t: OpenTurn, seq: number): void {
  const { remembered } = t.state;
  const row = remembered.find(seq);
  const { turn, untilMs, refusedAs, refusedAt, refusedWhy } = remembered.c;
  const code = refusedAs[row] ?? '';
  const refused = code === '' ? null : { code, path: refusedAt[row] ?? '', detail: refusedWhy[row] ?? '' };
  const first = { turn: turn[row]!, atMs: untilMs[row]! - REMEMBER_INPUT_MS };
  t.emit(Code.DuplicateInput, { code: 'duplicate-input', dag: -1, ...first, refused });
}

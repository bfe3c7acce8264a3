/** The messages of the executor protocol, as lines of JSON without their newline. */

import type { LeaseRef } from '../catalogue/generated/types.js';
import { formatLease } from '../catalogue/lease.js';
import type { DispatchView } from '../scheduler/views/port.js';

export const PING_LINE = '{"type":"ping"}';
export const DRAIN_LINE = '{"type":"drain"}';

/** Text that stands in JSON as it is. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/u;

/** A dispatch; `inputs` and `item` are embedded as they are. `turn` is one that is accepted by now, where that is told. */
export function dispatchLine(dispatch: DispatchView, turn: number | null): string {
  const { token, job, child, childCount, attempt, slots, timeoutMs, inputsJson, itemJson } = dispatch;
  const head = `{"type":"dispatch","token":${quote(token)},"tenant":${quote(dispatch.tenant)},"dagId":${quote(dispatch.dagId)}`;
  const place = `,"job":${quote(job)},"child":${child},"childCount":${childCount},"attempt":${attempt}`;
  const needs = `,"class":${quote(dispatch.executorClass)},"slots":${slots},"timeoutMs":${timeoutMs}${turn === null ? '' : `,"turn":${turn}`}`;
  const item = itemJson === null ? '' : `,"item":${itemJson}`;
  return `${head}${place}${needs},"inputs":${inputsJson}${item}}`;
}

/** Asks to stop the work on a lease. */
export function stopLine(cell: string, lease: LeaseRef): string {
  return `{"type":"stop","token":${quote(formatLease(cell, lease))}}`;
}

/** Says that this session is over. */
export function goneLine(code: string): string {
  return `{"type":"gone","code":${quote(code)}}`;
}

/** A JSON string. */
export function quote(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

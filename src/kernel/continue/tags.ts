import { MAX_CURSOR_EVENTS } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import { advance } from './advance.js';

/** Drops the idle tags of a class and priority in which nobody is busy; done when somebody is, or none is left. */
export function dropIdleTags(t: OpenTurn, cursor: number, seq: number): void {
  const { cursors, tags, virtuals } = t.state;
  const key = cursors.c.aux[cursor]!;
  const virtual = virtuals.find(key, 0);
  const first = virtual === 0 || virtuals.c.busy[virtual] !== 0 ? 0 : virtuals.c.firstIdle[virtual]!;
  let most = 0;
  for (let tenant = first; tenant !== 0 && most < MAX_CURSOR_EVENTS; most++) {
    const after = tags.c.idleAfter[tags.find(key, tenant)]!;
    tenant = after === first ? 0 : after;
  }
  advance(t, seq, 0, most === MAX_CURSOR_EVENTS ? 1 : -1, most);
}

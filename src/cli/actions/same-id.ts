import type { AmongSame } from '../../../replay/same-id.js';
import type { Io } from '../terminal/io.js';

/** Says which DAG was told of, where several had its id one after the other. */
export function noteSame(io: Io, { nth, of }: AmongSame): void {
  if (of > 1) io.note(`${of} DAGs had this id, one after the other: this is number ${nth}; --nth asks for another`);
}

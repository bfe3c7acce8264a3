import type { Far } from '../terminal/work.js';
import { grouped } from '../text/format.js';

/** Shows how far a copy of turns is, turn by turn. */
export function copying(show: (far: Far) => void, total: number | null): (bytes: number) => void {
  let [done, counted] = [0, 0];
  return (bytes) => {
    done += 1;
    counted += bytes;
    show({ phase: 'copied', done, total, counted, unit: 'bytes', detail: `${grouped(done)} turns` });
  };
}

/** Shows how far snapshots are read, one after the other. */
export function verifying(show: (far: Far) => void): (bytes: number) => void {
  let done = 0;
  return (bytes) => {
    done += bytes;
    show({ phase: 'verified', done, total: null, unit: 'bytes' });
  };
}

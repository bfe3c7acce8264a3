import { type FabricClient, FabricError } from '../../client/index.js';
import type { RemoteOptions } from '../arguments.js';
import { Exit } from '../exit.js';
import { withFabric } from '../remote.js';
import { exitInterrupted, interruptible } from '../terminal/interrupt.js';
import type { Io } from '../terminal/io.js';
import { pause } from '../terminal/pause.js';
import { visible, visibleIn } from '../text/visible.js';
import { Screen } from '../top/screen.js';
import { type Snapshot, takeSnapshot } from '../top/snapshot.js';
import { viewOf } from '../top/view.js';

export interface TopOptions extends RemoteOptions {
  /** Seconds between two looks. */
  readonly every: number;
  /** Looks until it ends. */
  readonly count?: number;
}

/** `marie top`: the cell, live on a terminal; elsewhere one look, or as many as were asked for. */
export function top(io: Io, options: TopOptions): Promise<void> {
  return interruptible((signal) =>
    withFabric(
      options,
      (client) => (io.isTerminal && !io.json ? live(io, client, options, signal) : plain(io, client, options, signal)),
      signal,
    ),
  );
}

async function plain(
  io: Io,
  client: FabricClient,
  { every, count = 1 }: TopOptions,
  signal: AbortSignal,
): Promise<void> {
  const frame = { columns: io.columns, rows: null, colors: io.colors };
  for (let looks = 0; looks < count; looks += 1) {
    if (looks > 0) await pause(every, signal);
    if (signal.aborted) break;
    const snapshot = await takeSnapshot(client);
    io.emit('top', snapshot, (shown) => `${viewOf(shown, frame).join('\n')}${count > 1 ? '\n' : ''}`);
  }
  if (signal.aborted) exitInterrupted(signal);
}

async function live(io: Io, client: FabricClient, { every, count }: TopOptions, signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  signal.addEventListener('abort', () => {
    exitInterrupted(signal);
    ended.abort();
  });
  let last = await takeSnapshot(client);
  let trouble: string | null = null;
  const screen = new Screen();
  const draw = (): void => screen.draw(linesOf(io, screen, last, trouble, every));
  const quit = (isInterrupt: boolean): void => {
    if (isInterrupt) process.exitCode = Exit.Interrupted;
    ended.abort();
    // A look that is under way ends, too.
    void client.close();
  };
  screen.open(quit, draw);
  try {
    for (let looks = 1; !ended.signal.aborted; looks += 1) {
      draw();
      if (looks === count) return;
      await pause(every, ended.signal);
      if (ended.signal.aborted) return;
      try {
        last = await takeSnapshot(client);
        trouble = null;
      } catch (error) {
        // Whoever looks at a fabric wants to see it come back.
        if (!(error instanceof FabricError)) throw error;
        trouble = error.message;
      }
    }
  } finally {
    screen.close();
  }
}

function linesOf(
  io: Io,
  { columns, rows }: Screen,
  snapshot: Snapshot,
  trouble: string | null,
  every: number,
): readonly string[] {
  const lines = viewOf(visibleIn(snapshot), { columns, rows: rows - 1, colors: io.colors });
  const blank = Array<string>(Math.max(0, rows - 1 - lines.length)).fill('');
  const { dim, red } = io.colors;
  const text = trouble === null ? `q ends it; a look every ${every} s` : `no answer, trying again: ${visible(trouble)}`;
  const foot = text.slice(0, columns);
  return [...lines, ...blank, trouble === null ? dim(foot) : red(foot)];
}

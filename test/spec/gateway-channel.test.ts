import { describe, expect, it } from 'vitest';
import { Channel } from '../../src/gateway/dispatch/channel.js';
import type { TextStream } from '../../src/gateway/streams.js';
import type { DispatchView, Views } from '../../src/scheduler/views.js';
import { dispatchOf } from '../support/gateway.js';

/** A stream that takes note, and is behind when it is told to be. */
class NotedStream implements TextStream {
  readonly closed = false;
  readonly behindBytes = 0;
  /** Tokens that were sent; written ones that were not are in `held`. */
  readonly sent: string[] = [];
  held: string[] = [];
  readonly turns: number[] = [];
  isBehind = false;
  catchUp = (): void => undefined;

  write(text: string): boolean {
    this.turns.push(...[...text.matchAll(/"turn":(\d+)/g)].map(([, turn]) => Number(turn)));
    this.held.push(...[...text.matchAll(/"token":"([^"]+)"/g)].map(([, token]) => token!));
    return !this.isBehind;
  }

  flush(): void {
    this.sent.push(...this.held);
    this.held = [];
  }

  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.catchUp = resolve;
    });
  }

  end(): void {}
  cut(): void {}
  onClose(): void {}
}

const session = { executor: 'e1', seq: 1, incarnation: 'i1', turn: 0 };

function channel(resolve: Views['dispatches']): { readonly channel: Channel; readonly stream: NotedStream } {
  const stream = new NotedStream();
  const made = new Channel(session, stream, resolve, () => 9);
  made.start([]);
  return { channel: made, stream };
}

function tokens(...numbers: number[]): string[] {
  return numbers.map((token) => dispatchOf(token).token);
}

describe('a dispatch channel', () => {
  it('has sent what needs nothing fetched when it is told to flush', () => {
    const { channel: one, stream } = channel((wanted) => wanted.map((token) => dispatchOf(token)));
    one.add(5);
    one.add(6);
    one.flush();
    expect(stream.sent).toEqual(tokens(5, 6));
    expect(stream.turns).toEqual([9, 9]);
  });

  it('sends what has to be fetched when it is there, and what came meanwhile after it', async () => {
    let arrive = (_views: readonly DispatchView[]): void => undefined;
    const fetched = new Promise<readonly DispatchView[]>((resolve) => {
      arrive = resolve;
    });
    const { channel: one, stream } = channel((wanted) =>
      wanted.includes(5) ? fetched : wanted.map((token) => dispatchOf(token)),
    );
    one.add(5);
    one.flush();
    one.add(6);
    one.flush();
    expect(stream.sent).toEqual([]);
    arrive([dispatchOf(5)]);
    await expect.poll(() => stream.sent).toEqual(tokens(5, 6));
  });

  it('writes no more to a stream that is behind until it has caught up', async () => {
    const { channel: one, stream } = channel((wanted) => wanted.map((token) => dispatchOf(token)));
    stream.isBehind = true;
    one.add(5);
    one.flush();
    one.add(6);
    one.flush();
    expect(stream.sent).toEqual(tokens(5));
    stream.isBehind = false;
    stream.catchUp();
    await expect.poll(() => stream.sent).toEqual(tokens(5, 6));
  });
});

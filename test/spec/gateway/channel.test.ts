import { describe, expect, it } from 'vitest';
import { CHANNEL_MESSAGES } from '../../../src/edge/limits.js';
import { Channel } from '../../../src/gateway/dispatch/channel.js';
import type { TextStream } from '../../../src/gateway/streams.js';
import type { DispatchView, Views } from '../../../src/scheduler/views/port.js';
import { dispatchOf } from '../../support/gateway.js';

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

  /** Everything that was written, and whether the stream was cut off. */
  text = '';
  isCut = false;

  write(text: string): boolean {
    this.text += text;
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
  cut(): void {
    this.isCut = true;
  }
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

  it('asks again for what was not resolved yet, and keeps the order', () => {
    const { channel: one, stream } = channel((wanted) => [dispatchOf(wanted[0]!)]);
    for (const message of [5, 'stop 1', 6, 7, 'stop 2']) one.add(message);
    one.flush();
    expect(stream.sent).toEqual(tokens(5, 6, 7));
    expect(stream.text.split('\n').map((line) => line.slice(0, 6))).toEqual([
      ...['{"type', 'stop 1', '{"type', '{"type', 'stop 2', ''],
    ]);
  });

  it('begins with what it is started with; what came before comes after that', () => {
    const stream = new NotedStream();
    const one = new Channel(
      session,
      stream,
      (wanted) => wanted.map((token) => dispatchOf(token)),
      () => 9,
    );
    one.add(7);
    one.flush();
    one.ping('ping');
    expect(stream.text).toBe('');
    one.start([5, 6]);
    expect(stream.sent).toEqual(tokens(5, 6, 7));
  });

  it('cuts off who is as far behind as it has room for messages', () => {
    const { channel: one, stream } = channel(() => new Promise(() => undefined));
    for (let i = 0; i < CHANNEL_MESSAGES; i++) one.add('x');
    expect([stream.isCut, one.waiting]).toEqual([false, CHANNEL_MESSAGES]);
    one.add('x');
    expect([stream.isCut, one.waiting]).toEqual([true, CHANNEL_MESSAGES]);
  });

  it('cuts off the stream whose messages cannot be fetched, so that its executor connects again', async () => {
    const { channel: one, stream } = channel(() => Promise.reject(new Error('the store is gone')));
    one.add(5);
    one.flush();
    await expect.poll(() => stream.isCut).toBe(true);
  });

  it('gives a sign of life only where nothing was sent since the last', async () => {
    const { channel: one, stream } = channel(() => []);
    one.ping('ping');
    one.add('stop');
    one.flush();
    // What it does when it has sent all comes first.
    await new Promise((resolve) => setImmediate(resolve));
    one.ping('ping');
    one.ping('ping');
    expect(stream.text).toBe('ping\nstop\nping\n');
  });
});

/** Callbacks whose request is under way when the session changes. */

import { expect, it, onTestFinished, vi } from 'vitest';
import { systemMachine } from '../../../src/client/adapters/system.js';
import { FabricError } from '../../../src/client/errors.js';
import type { Machine } from '../../../src/client/ports.js';
import { Attempt } from '../../../src/executor/attempt.js';
import { type CallbackListener, CallbackSender } from '../../../src/executor/callbacks.js';
import type { DispatchMessage } from '../../../src/executor/protocol.js';
import { PATIENT } from '../../support/patience.js';

const LINE = '{"type":"complete"}';
const BEAT = '{"type":"heartbeat"}\n';
const ACCEPTED = '{"accepted":true,"turn":1}';

/** A sender whose first requests nobody answers, and which then are answered as accepted. */
function senderTo(unanswered: number, machine = systemMachine) {
  const posted: string[] = [];
  const told: string[] = [];
  const post = (body: string, signal: AbortSignal): Promise<string> => {
    posted.push(body);
    if (posted.length > unanswered) {
      const answers = body.split('\n').filter((line) => line !== '');
      return Promise.resolve(answers.map(() => `${ACCEPTED}\n`).join(''));
    }
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  };
  const listener: CallbackListener = {
    terminalAnswered: (_attempt, { accepted }) => void told.push(`answered ${accepted}`),
    refused: (_attempt, code) => void told.push(`refused ${code}`),
    heardOf: () => undefined,
    sessionRefused: ({ code }) => void told.push(`session ${code}`),
    retrying: ({ code }) => void told.push(`retrying ${code}`),
  };
  return { sender: new CallbackSender(post, machine, listener), posted, told };
}

it('are sent again in the new session: who had them may never answer', async () => {
  const { sender, posted, told } = senderTo(1);
  sender.resume();
  sender.terminal(null, LINE);
  await vi.waitFor(() => expect(posted).toHaveLength(1), PATIENT);
  sender.resume();
  await vi.waitFor(() => expect(told).toEqual(['answered true']), PATIENT);
  expect(posted).toEqual([`${LINE}\n`, `${LINE}\n`]);
  await sender.idle();
  sender.close();
});

it('hold up no sign of life while nobody answers them, and one that fails is made up for', async () => {
  const { sender, posted, told } = senderTo(2);
  sender.resume();
  sender.terminal(null, LINE);
  await vi.waitFor(() => expect(posted).toHaveLength(1), PATIENT);
  sender.heartbeat();
  expect(posted).toEqual([`${LINE}\n`, BEAT]);
  sender.heartbeat();
  expect(posted).toEqual([`${LINE}\n`, BEAT, BEAT]);
  sender.resume();
  await vi.waitFor(() => expect(posted).toHaveLength(5), PATIENT);
  expect(posted.slice(3)).toEqual([`${LINE}\n`, BEAT]);
  expect(told).toEqual(['answered true']);
  await sender.idle();
  sender.close();
});

it.each(['null', '[]', '7', '{}', '{"message":"Down for maintenance"}', '{"accepted":false}'])(
  'are sent again where somebody in between answers %s',
  async (answer) => {
    const posted: string[] = [];
    const told: unknown[] = [];
    const post = async (body: string): Promise<string> => `${posted.push(body) === 1 ? answer : ACCEPTED}\n`;
    const note = { refused: () => undefined, heardOf: () => undefined, sessionRefused: () => undefined };
    const listener: CallbackListener = {
      ...note,
      terminalAnswered: (_attempt, { accepted }) => void told.push(accepted),
      retrying: ({ code }) => void told.push(code),
    };
    const sender = new CallbackSender(post, systemMachine, listener);
    sender.resume();
    sender.terminal(null, LINE);
    await vi.waitFor(() => expect(told).toEqual(['bad-answer', true]), PATIENT);
    expect(posted).toEqual([`${LINE}\n`, `${LINE}\n`]);
    sender.close();
  },
);

/** A sender behind somebody who refuses requests with a page, and in what its lines end. */
function senderBehind(answerOf: (body: string, count: number) => FabricError | null, machine = systemMachine) {
  const told: string[] = [];
  let count = 0;
  const post = async (body: string): Promise<string> => {
    const refusal = answerOf(body, count++);
    if (refusal !== null) throw refusal;
    return body.replace(/.+/gu, ACCEPTED);
  };
  const note = { refused: () => undefined, heardOf: () => undefined, sessionRefused: () => undefined };
  const listener: CallbackListener = {
    ...note,
    terminalAnswered: (_attempt, answer) => void told.push(answer.accepted ? 'accepted' : answer.code),
    retrying: () => undefined,
  };
  const sender = new CallbackSender(post, machine, listener);
  onTestFinished(() => sender.close());
  sender.resume();
  return { sender, told };
}

const PAGE = new FabricError({ code: 'http-403', status: 403, detail: '<html>Request blocked</html>' });
const AWAY = new FabricError({ code: 'unreachable', status: 0, detail: 'nobody is there' });

it.each([1, 2, 3, 4, 5])('are taken although somebody refused all of the first %i requests', async (refused) => {
  const { sender, told } = senderBehind((_, count) => (count < refused ? PAGE : null));
  sender.terminal(null, LINE);
  await vi.waitFor(() => expect(told).toEqual(['accepted']), PATIENT);
});

it('are taken although somebody refused one request when he came back', async () => {
  const { sender, told } = senderBehind((_, count) => [AWAY, AWAY, PAGE][count] ?? null);
  sender.terminal(null, LINE);
  await vi.waitFor(() => expect(told).toEqual(['accepted']), PATIENT);
});

it('are refused where somebody refuses one of them, also while there is always progress to tell of', async () => {
  const attempt = new Attempt({ token: 'main.1.0.1.1', slots: 1 } as DispatchMessage);
  attempt.state = 'running';
  let nowMs = 0;
  const machine: Machine = { ...systemMachine, nowMs: () => nowMs };
  const { sender, told } = senderBehind((body) => {
    nowMs += 1_000;
    sender.progress(attempt);
    return body.includes('odd') ? PAGE : null;
  }, machine);
  sender.progress(attempt);
  for (const line of [LINE, '{"type":"odd"}', LINE]) sender.terminal(null, line);
  await vi.waitFor(() => expect(told.toSorted()).toEqual(['accepted', 'accepted', 'http-403']), PATIENT);
});

it('are given up when the executor closes', async () => {
  const { sender, posted, told } = senderTo(Number.POSITIVE_INFINITY);
  sender.resume();
  sender.terminal(null, LINE);
  await vi.waitFor(() => expect(posted).toHaveLength(1), PATIENT);
  sender.close();
  await sender.idle();
  expect([posted.length, told]).toEqual([1, []]);
});

it('tell of progress although its timer comes too early, as those of Node do by less than a millisecond', async () => {
  const after = systemMachine.after.bind(systemMachine);
  const early: Machine = { ...systemMachine, after: (ms, run, idle) => after(ms / 2, run, idle) };
  const { sender, posted } = senderTo(0, early);
  const attempts = ['main/1/0/1/1', 'main/1/1/1/2'].map((token) => {
    const attempt = new Attempt({ token } as DispatchMessage);
    attempt.state = 'running';
    return attempt;
  });
  const both = (permille: number): void => {
    for (const attempt of attempts) {
      attempt.permille = permille;
      sender.progress(attempt);
    }
  };
  sender.resume();
  both(100);
  await vi.waitFor(() => expect(posted).toHaveLength(1), PATIENT);
  both(200);
  await vi.waitFor(() => expect(posted.join('').split('"permille":200')).toHaveLength(3), PATIENT);
  sender.close();
});

it('that were forgotten while they were under way are not cut down and sent again: they are of another history', async () => {
  const posted: string[] = [];
  let refuse: (error: Error) => void = () => undefined;
  const post = (body: string): Promise<string> => {
    posted.push(body);
    return new Promise((_resolve, reject) => {
      refuse = reject;
    });
  };
  const told: string[] = [];
  const tell = (): void => void told.push('told');
  const listener = { terminalAnswered: tell, refused: tell, heardOf: tell, sessionRefused: tell, retrying: tell };
  const sender = new CallbackSender(post, systemMachine, listener);
  sender.resume();
  sender.terminal(null, LINE);
  sender.terminal(null, LINE);
  await vi.waitFor(() => expect(posted).toHaveLength(1), PATIENT);
  sender.pause();
  sender.forget();
  refuse(new FabricError({ code: 'invalid-json', status: 400, detail: 'no JSON' }));
  await sender.idle();
  sender.resume();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([posted, told]).toEqual([[`${LINE}\n${LINE}\n`], []]);
  sender.close();
});

it('wait for the time of the next progress with one timer, however often there is nothing to send before', async () => {
  const timers: { readonly ms: number; readonly callback: () => void }[] = [];
  const after: Machine['after'] = (ms, callback) => {
    timers.push({ ms, callback });
    return () => undefined;
  };
  const { sender, posted } = senderTo(0, { ...systemMachine, nowMs: () => 0, after });
  const attempt = new Attempt({ token: 'main.1.0.1.1', slots: 1 } as DispatchMessage);
  attempt.state = 'running';
  sender.resume();
  sender.progress(attempt);
  for (const { callback } of timers.splice(0)) callback();
  await sender.idle();
  expect(posted).toHaveLength(1);
  sender.progress(attempt);
  for (let flush = 0; flush < 3; flush++) {
    sender.resume();
    timers.find(({ ms }) => ms === 0)?.callback();
  }
  expect(timers.filter(({ ms }) => ms > 1)).toHaveLength(1);
  sender.close();
});

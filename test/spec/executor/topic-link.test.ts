/** What an executor on topics is told when it asks whether its session is still its own. */
import { beforeEach, describe, expect, it } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { EventEntry, InputEntry } from '../../../src/catalogue/generated/types.js';
import type { FabricMessage } from '../../../src/executor/protocol.js';
import { NotReady } from '../../../src/inbox/port.js';
import { TopicLink } from '../../../src/topics/link.js';
import { CELL, FakeInbox } from '../../support/gateway.js';

const SIGNAL = new AbortController().signal;
/** The sequence number under which the fabric knows the executor. */
const NUMBER = 7;

let inbox: FakeInbox;
let link: TopicLink;
let ids: number;

beforeEach(() => {
  inbox = new FakeInbox();
  ids = 0;
  inbox.decide = (input) => (input.code === Code.RegisterExecutor ? registers(input) : undefined);
  link = linkOf('own');
});

function linkOf(incarnation: string, dispatchesOpened = async (): Promise<void> => undefined): TopicLink {
  return new TopicLink({
    cell: CELL,
    executor: 'e-1',
    incarnation,
    inbox,
    ids: { next: () => `i-${ids++}` },
    clock: { wallMs: () => 0 },
    dispatchesOpened,
    closed: () => undefined,
  });
}

/** Takes a registration, of which everybody who reads the journal hears before it is answered. */
function registers(input: InputEntry): readonly EventEntry[] {
  const body = { executor: NUMBER, class: 1, session: 1, untilMs: 0, resumed: false };
  const registered: EventEntry = { code: Code.ExecutorRegistered, cause: 0, body };
  link.accept({ entries: [input, registered] });
  return [registered];
}

/** Registers as the incarnation of a link. */
async function register(as: TopicLink, incarnation: string): Promise<void> {
  await as.register(offerOf(incarnation), SIGNAL);
}

function offerOf(incarnation: string, slots = 1) {
  const held = [{ token: `${CELL}.1.0.1.4`, slots: 1 }];
  return { incarnation, group: 'default', class: 'test', slots, labels: {}, sessionMs: 1_000, held };
}

/** What the fabric says of a heartbeat whose session is over, whoever has the id now. */
function refusesHeartbeats(code = 'stale-incarnation'): void {
  const decide = inbox.decide;
  const problems = [{ code, path: '/incarnation', detail: 'its session is over, or another has registered' }];
  const refused: EventEntry = { code: Code.InputRefused, cause: 0, body: { code, dag: -1, problems } };
  inbox.decide = (input, index) => (input.code === Code.Heartbeat ? [refused] : decide(input, index));
}

describe('an executor on topics that asks whether its session is its own', () => {
  it('is not refused while it is', async () => {
    await register(link, 'own');
    await link.probe(SIGNAL);
  });

  it('is told that it has none where it has run out', async () => {
    await register(link, 'own');
    refusesHeartbeats();
    await expect(link.probe(SIGNAL)).rejects.toMatchObject({ code: 'unknown-executor', status: 404 });
  });

  it('is told that another one has its id, until it has it again itself', async () => {
    await register(link, 'own');
    await register(linkOf('other'), 'other');
    refusesHeartbeats();
    await expect(link.probe(SIGNAL)).rejects.toMatchObject({ code: 'stale-incarnation', status: 409 });
    await register(link, 'own');
    await expect(link.probe(SIGNAL)).rejects.toMatchObject({ code: 'unknown-executor', status: 404 });
  });

  it('is told that it is not known where it has been forgotten, and that nobody answers where nobody does', async () => {
    await register(link, 'own');
    refusesHeartbeats('unknown-executor');
    await expect(link.probe(SIGNAL)).rejects.toMatchObject({ code: 'unknown-executor', status: 404 });
    inbox.decide = () => new NotReady('a change of the leader');
    await expect(link.probe(SIGNAL)).rejects.toMatchObject({ code: 'not-ready', status: 503 });
  });
});

describe('an executor on topics that another one has replaced', () => {
  it('does not drain that one', async () => {
    await register(link, 'own');
    await register(linkOf('other'), 'other');
    await expect(link.drain(offerOf('own', 0), SIGNAL)).rejects.toMatchObject({
      code: 'stale-incarnation',
      status: 409,
    });
    expect(inbox.inputs.map(({ code }) => code)).toEqual([Code.RegisterExecutor, Code.RegisterExecutor]);
  });
});

describe('an executor on topics that leaves', () => {
  it('says so with its registrations: what is said elsewhere may be taken before them', async () => {
    await register(link, 'own');
    await link.drain(offerOf('own', 0), SIGNAL);
    await link.deregister(SIGNAL);
    const body = { executor: 'e-1', incarnation: 'own' };
    expect(inbox.inputs).toMatchObject([
      { code: Code.RegisterExecutor, body: { ...body, slots: 1 } },
      { code: Code.RegisterExecutor, body: { ...body, slots: 0, held: [{ slots: 1 }] } },
      { code: Code.DeregisterExecutor, body },
    ]);
  });

  it('does not register after that, when brokers that were away are back', async () => {
    let back = (): void => undefined;
    const opened = new Promise<void>((resolve) => {
      back = resolve;
    });
    const early = linkOf('own', () => opened);
    const given = new AbortController();
    const calls = [early.register(offerOf('own'), given.signal), early.drain(offerOf('own', 0), given.signal)];
    given.abort();
    back();
    for (const { status } of await Promise.allSettled(calls)) expect(status).toBe('rejected');
    expect(inbox.inputs).toEqual([]);
  });
});

/** What the link tells from now on, as it comes. */
function listen(): readonly FabricMessage[] {
  const told: FabricMessage[] = [];
  void link.readDispatches(
    () => undefined,
    (message) => told.push(message),
    SIGNAL,
  );
  return told;
}

describe('a session of an executor on topics', () => {
  it('ends once, however many partitions have lost dispatches while nobody read', async () => {
    await register(link, 'own');
    for (let partition = 0; partition < 3; partition++) link.missed();
    await register(link, 'own');
    const told = listen();
    expect(told).toEqual([]);
    link.missed();
    expect(told).toEqual([{ type: 'gone', code: 'unknown-executor' }]);
  });
});

const LEASE = { dag: 1, job: 0, attempt: 1, token: 4, executor: NUMBER };
const granted = { code: Code.LeaseGranted, cause: 0, body: LEASE } as unknown as EventEntry;

describe('what an executor on topics lists as it registers', () => {
  it('is to end where its end was taken before that, and had freed its slot', async () => {
    await register(link, 'own');
    const told = listen();
    inbox.decide = (input) => {
      const slot = { token: 4, slots: 1 };
      const released: EventEntry = { code: Code.SlotReleased, cause: 0, body: { ...slot, occupancyMs: 0 } };
      const reported: EventEntry = { code: Code.SlotReportedHeld, cause: 0, body: { ...slot, executor: NUMBER } };
      link.accept({ entries: [granted, released] });
      const events = registers(input);
      link.accept({ entries: [reported] });
      return events;
    };
    await register(link, 'own');
    expect(told).toEqual([{ type: 'stop', token: `${CELL}.1.0.1.4` }]);
  });
});

describe('what an executor on topics is dispatched', () => {
  const broken = `{"type":"dispatch","token":"${CELL}.1.0.1.4","inputs":{"i":\ufeff1}}`;

  it('is told to be unreadable where it is, once its lease is in force', async () => {
    await register(link, 'own');
    const told = listen();
    link.dispatched('e-1', broken);
    expect(told).toEqual([]);
    link.accept({ entries: [granted] });
    expect(told).toMatchObject([{ type: 'unreadable', token: `${CELL}.1.0.1.4` }]);
    link.dispatched('e-1', 'no JSON');
    expect(told[1]).toMatchObject({ type: 'unreadable', token: null });
    link.dispatched('e-1', '{"type":"drain"}');
    expect(told).toHaveLength(2);
  });
});

import { Code } from '../../../src/catalogue/generated/codes.js';
import type { EventEntry, InputEntry, LeaseRef } from '../../../src/catalogue/generated/types.js';
import { parseLease } from '../../../src/catalogue/lease.js';
import { json } from '../../support/kernel/build.js';
import { CELL } from '../machine/machine.js';
import type { Employer, Work } from './temper.js';

const OUTPUTS = [null, { n: 2 }, { n: 3, list: [1, 2, 3] }, [1, 2], 'text'];

/** How many ended jobs it remembers, so that it can say again how they ended. */
const REMEMBERED = 50;

/** One process of an executor: registers, is given work, says what became of it, until it dies. */
export class Incarnation {
  readonly running: Map<number, Work>;
  /** Jobs that it has ended, with what it said. */
  readonly #ended = new Map<number, InputEntry>();
  readonly #seen = new Set<number>();
  #isDead = false;
  #isDraining = false;
  #isConnected = false;
  #isRegistering = false;
  #cutUntilMs = 0;
  /** Streams that it has opened; only the last one counts. */
  #streams = 0;

  constructor(
    private readonly executor: Employer,
    readonly name: string,
    held: readonly Work[],
  ) {
    this.running = new Map(held.map((work) => [work.lease.token, work]));
    for (const { lease } of held) {
      this.#seen.add(lease.token);
      this.#work(lease.token);
    }
    this.#beat();
  }

  /** All that it does ends at once. */
  die(): void {
    this.#isDead = true;
  }

  cutOff(ms: number): void {
    this.#cutUntilMs = this.#nowMs + ms;
    this.#isConnected = false;
  }

  /** From now on it behaves: what hangs is ended. */
  calm(): void {
    for (const token of this.running.keys()) this.#after(50 + this.executor.chance.wait(500), () => this.#end(token));
  }

  /** Registers with what it runs, and connects when that is answered. */
  register(): void {
    if (this.#isDead || this.#isRegistering) return;
    this.#isRegistering = true;
    const { executor } = this;
    const held = [...this.running.values()];
    const [ended] = this.#ended.keys();
    // A confused one lists a job that it has ended too.
    if (ended !== undefined && !executor.world.isCalm && executor.chance.hits(0.1)) {
      held.push({ lease: (this.#ended.get(ended)!.body as { lease: LeaseRef }).lease, slots: 1 });
    }
    const body = {
      executor: executor.id,
      incarnation: this.name,
      group: 'default',
      executorClass: executor.executorClass,
      slots: executor.slots,
      labels: [],
      sessionMs: executor.sessionMs,
      held,
    };
    this.#send(executor.world.input(Code.RegisterExecutor, body), (events) => {
      this.#isRegistering = false;
      if (events.some(isRegistered)) return this.#connect();
      this.#after(1000, () => this.register());
    });
  }

  #connect(): void {
    if (this.#isConnected || this.#isCut || this.#isDead) return;
    this.#isConnected = true;
    this.#streams += 1;
    const stream = this.#streams;
    const { world, id } = this.executor;
    const lost = (): void => {
      if (!this.#isConnected || stream !== this.#streams) return;
      this.#isConnected = false;
      this.#after(200, () => this.#connect());
    };
    const reader = { line: (text: string) => this.#line(text), closed: lost };
    world.machine.connect(id, this.name, reader, (code) => {
      lost();
      if (code === 'unknown-executor') this.register();
    });
  }

  #line(text: string): void {
    if (this.#isDead || this.#isCut) return;
    const message = JSON.parse(text) as { type: string; token?: string; slots?: number };
    const lease = message.token === undefined ? null : parseLease(CELL, message.token);
    if (message.type === 'dispatch') this.#dispatched(lease!, message.slots!);
    else if (message.type === 'stop') this.#stop(lease!);
    else if (message.type === 'drain') this.#drain();
    else if (message.type === 'gone') this.#gone();
  }

  #dispatched(lease: LeaseRef, slots: number): void {
    const { world, slots: capacity, id } = this.executor;
    const { token } = lease;
    world.shown.set(token, this.name);
    if (this.#seen.has(token)) return world.met.note('dispatch-repeated');
    this.#seen.add(token);
    let used = slots;
    for (const work of this.running.values()) used += work.slots;
    if (used > capacity) throw new Error(`${id} has ${capacity} slots and is given work for ${used} (token ${token})`);
    this.running.set(token, { lease, slots });
    this.#send(world.input(Code.AcknowledgeDispatch, { lease }), () => undefined);
    if (this.#isDraining) this.#return(token);
    else this.#work(token);
  }

  #work(token: number): void {
    const { chance, temper, world } = this.executor;
    if (!world.isCalm && chance.hits(temper.hangs)) return;
    this.#after(chance.wait(world.isCalm ? 100 : temper.workMs), () => this.#end(token));
    if (!chance.hits(0.1)) return;
    this.#after(chance.wait(temper.workMs), () => {
      const work = this.running.get(token);
      if (work === undefined) return;
      const body = { lease: work.lease, permille: chance.below(1001), message: null };
      this.#send(world.input(Code.ReportProgress, body), () => undefined);
    });
  }

  #end(token: number): void {
    const work = this.running.get(token);
    if (work === undefined) return;
    const { chance, temper, world } = this.executor;
    const { lease } = work;
    if (!world.isCalm && chance.hits(temper.returns)) return this.#return(token);
    if (!world.isCalm && chance.hits(temper.fails)) {
      const body = { lease, code: 'broken', message: 'it broke', retryable: chance.hits(0.7), unitsUsed: null };
      return this.#say(token, world.input(Code.FailJob, body));
    }
    const value = world.isCalm ? { n: 2 } : chance.pick(OUTPUTS);
    const body = { lease, output: value === null ? null : json(value), blob: null, unitsUsed: null };
    this.#say(token, world.input(Code.CompleteJob, body));
  }

  #return(token: number): void {
    const { lease } = this.running.get(token)!;
    this.#say(token, this.executor.world.input(Code.ReturnJob, { lease, reason: 'draining', unitsUsed: null }));
  }

  /** The work has stopped, and here is how it ended; now and then it is said twice, or much later again. */
  #say(token: number, input: InputEntry): void {
    this.running.delete(token);
    this.#ended.set(token, input);
    if (this.#ended.size > REMEMBERED) this.#ended.delete(this.#ended.keys().next().value!);
    this.#send(input, () => undefined);
    const { chance, world } = this.executor;
    if (!world.isCalm && chance.hits(0.05)) this.#after(chance.wait(4000), () => this.#send(input, () => undefined));
  }

  #stop({ token }: LeaseRef): void {
    const { temper, chance, world } = this.executor;
    const ended = this.#ended.get(token);
    if (this.running.has(token)) {
      if (temper.isDeaf) return;
      this.#after(chance.wait(100), () => {
        if (this.running.has(token)) this.#return(token);
      });
    } else if (ended !== undefined) this.#send(ended, () => undefined);
    else world.shown.set(token, this.name);
  }

  #drain(): void {
    if (this.#isDraining || this.executor.world.isCalm) return;
    this.#isDraining = true;
    for (const token of [...this.running.keys()]) this.#return(token);
    this.#after(500, () => this.#leave());
  }

  #leave(): void {
    if (this.running.size > 0) return this.#after(300, () => this.#leave());
    const { executor } = this;
    const { world } = executor;
    const body = { executor: executor.id, incarnation: this.name };
    this.#send(world.input(Code.DeregisterExecutor, body), () => undefined);
    this.#after(2000, () => executor.crash(500, 'empty'));
  }

  /** Its session is over: it registers again with what it still runs, unless another process has its name. */
  #gone(): void {
    if (this.executor.isCurrent(this) && !this.#isDraining) this.register();
  }

  #beat(): void {
    const { executor } = this;
    this.#after(executor.sessionMs / 3, () => {
      this.#beat();
      if (this.#isRegistering) return;
      const body = { executor: executor.id, incarnation: this.name };
      executor.world.once(executor.world.input(Code.Heartbeat, body), (reply) => {
        if (this.#isDead || !('answer' in reply)) return;
        this.#connect();
        for (const event of reply.answer.events) if (isRefused(event)) this.#gone();
      });
    });
  }

  /** Sends when it can, until it is answered. */
  #send(input: InputEntry, done: (events: readonly EventEntry[]) => void): void {
    if (this.#isCut) return this.#after(this.#cutUntilMs - this.#nowMs, () => this.#send(input, done));
    this.executor.world.until(input, () => this.#isDead, done);
  }

  get #nowMs(): number {
    return this.executor.world.timeline.nowMs;
  }

  get #isCut(): boolean {
    return this.#nowMs < this.#cutUntilMs;
  }

  #after(ms: number, run: () => void): void {
    this.executor.world.timeline.after(ms, () => {
      if (!this.#isDead) run();
    });
  }
}

function isRefused({ code }: EventEntry): boolean {
  return code === Code.InputRefused;
}

/** A registration that comes again is answered as it was the first time. */
function isRegistered(event: EventEntry): boolean {
  if (event.code === Code.DuplicateInput) return event.body.refused === null;
  return event.code === Code.ExecutorRegistered;
}

import { sealInput } from '../../../src/catalogue/codec.js';
import type { BodyOf, EventEntry, InputEntry } from '../../../src/catalogue/generated/types.js';
import type { Answer } from '../../../src/inbox/port.js';
import type { Chance } from '../chance.js';
import type { Diary } from '../diary.js';
import type { Machine } from '../machine/machine.js';
import type { Reply } from '../machine/serving.js';
import type { Met } from '../met.js';
import type { Timeline } from '../timeline.js';

/** An input that somebody got an answer to: the journal must have it just there. */
export interface Answered {
  readonly input: InputEntry;
  readonly answer: Answer;
}

/** How rough the network is. */
export interface Network {
  /** Share of answers that are lost on the way. */
  lost: number;
  /** Share of inputs that come twice. */
  doubled: number;
}

/** How long a sender waits before it sends again what got no answer, in ms. */
const AGAIN_MS = 300;

type InputCode = InputEntry['code'];
type Body<C extends InputCode> = BodyOf<C>;

/** What all people around a fabric share: the network to it, and what was answered over it. */
export class World {
  readonly answered: Answered[] = [];
  readonly network: Network = { lost: 0, doubled: 0 };
  /** Tokens that an executor was shown. */
  readonly shown = new Map<number, string>();
  #inputs = 0;
  /** Faults have stopped: everybody behaves from now on. */
  isCalm = false;

  constructor(
    readonly timeline: Timeline,
    readonly chance: Chance,
    readonly machine: Machine,
    readonly diary: Diary,
    readonly met: Met,
  ) {}

  /** An input in its envelope. */
  input<C extends InputCode>(code: C, body: Body<C>): InputEntry {
    this.#inputs += 1;
    const receivedAtMs = Math.floor(this.machine.wall.nowMs());
    const sender = { inputId: `input-${this.#inputs}`, receivedAtMs, principal: null, traceparent: null };
    return sealInput(code, sender, body as never);
  }

  /** Sends once; the answer is kept for the checks at the end. */
  once(input: InputEntry, reply: (reply: Reply) => void): void {
    const { chance, network, machine } = this;
    if (chance.hits(network.doubled)) machine.send(input, (result) => this.#keep(input, result));
    machine.send(
      input,
      (result) => {
        this.#keep(input, result);
        reply(result);
      },
      chance.hits(network.lost),
    );
  }

  /** Sends until somebody answers, or `isOver`. */
  until(input: InputEntry, isOver: () => boolean, done: (events: readonly EventEntry[]) => void): void {
    if (isOver()) return;
    this.once(input, (reply) => {
      if ('answer' in reply) {
        if (!isOver()) done(reply.answer.events);
        return;
      }
      this.timeline.after(AGAIN_MS + this.chance.wait(AGAIN_MS), () => this.until(input, isOver, done));
    });
  }

  #keep(input: InputEntry, reply: Reply): void {
    if ('answer' in reply) this.answered.push({ input, answer: reply.answer });
  }
}

import { topicOf } from '../../catalogue/generated/codes.js';
import type { InputEntry } from '../../catalogue/generated/types.js';
import type { KafkaFault, OnFault } from '../../kafka/fault.js';
import { Framing } from '../../kafka/framing.js';
import type { KafkaConnection } from '../../kafka/links/connection.js';
import { type InputTopic, topicName } from '../../kafka/topics/names.js';
import { partitionOf } from '../../kafka/topics/partitions.js';
import { SharedWriter } from '../../kafka/writing/shared-writer.js';
import { type Answer, answered, FateOpen, FULL, type Inbox, InputTooLarge, NotReady, type Told } from '../port.js';
import { Answers } from './answers.js';
import { keyOf, recordOfInput } from './record.js';
import { TopicWriter } from './topic-writer.js';

export interface KafkaInboxParts {
  readonly connection: KafkaConnection;
  readonly cell: string;
  /** How many partitions each topic has. */
  readonly partitions: Readonly<Record<InputTopic, number>>;
  readonly nowMs: () => number;
  /** Calls `run` once after `delayMs`; the result cancels it. */
  readonly after: (delayMs: number, run: () => void) => () => void;
  /** Bytes of inputs that wait to be written, at most. */
  readonly maxHeldBytes?: number;
  /** Hears of topics to which it may not write. */
  readonly onFault?: OnFault;
}

/** Inputs that wait for their answers at most: beyond it the gateway pushes back. */
const MAX_WAITING = 65_536;
/** Bytes of inputs at most that wait to be written: while brokers are away, large submissions would fill the memory. */
const MAX_HELD_BYTES = 256 * 1024 * 1024;
/** How long brokers that are out of reach are tried, in ms. */
export const WRITE_MS = 5000;
/** How long a request may take, in ms. */
export const REQUEST_MS = 3000;
/**
 * From the beginning of a request to that of the next one, in ms. What follows it to the answers — reading it, a turn, its
 * append — comes as often, and each costs more than the few inputs in it.
 */
const WRITE_EVERY_MS = 2;
/** How long an answer may take, a change of the leader included, in ms. */
const ANSWER_MS = 20_000;

/**
 * The inbox of a gateway in any process: inputs are written to their topics, and answered when the local fold has come
 * to the turn that took them. An input may be written twice when brokers fail; the kernel tells repeats.
 */
export class KafkaInbox implements Inbox {
  readonly #parts: KafkaInboxParts;
  readonly #writer: SharedWriter;
  readonly #writers = new Map<string, TopicWriter>();
  readonly #answers = new Answers();
  /** By fingerprints, whatever registry there is: the process that leads may know other numbers of it, or none. */
  readonly #framing = new Framing();
  #heldBytes = 0;
  #closed: string | null = null;

  constructor(parts: KafkaInboxParts) {
    this.#parts = parts;
    this.#writer = new SharedWriter(parts.connection, { timeoutMs: REQUEST_MS, everyMs: WRITE_EVERY_MS });
  }

  put(input: InputEntry): Promise<Answer> {
    return answered((told) => this.#put(input, told));
  }

  putEach(inputs: readonly InputEntry[], told: (index: number, outcome: Answer | Error) => void): void {
    inputs.forEach((input, i) => {
      this.#put(input, (outcome) => told(i, outcome));
    });
  }

  #put(input: InputEntry, told: Told): void {
    if (this.#closed !== null) return told(new NotReady(this.#closed));
    const { maxHeldBytes = MAX_HELD_BYTES } = this.#parts;
    const isFull = this.#answers.waiting >= MAX_WAITING || this.#heldBytes >= maxHeldBytes;
    if (isFull) return told(FULL);
    this.#write(input, told);
  }

  /** To be told of every accepted turn, in order. */
  accept(turn: Parameters<Answers['accept']>[0]): void {
    this.#answers.accept(turn);
  }

  /** Takes no more inputs. Those that were written may be taken all the same. */
  close(reason: string): void {
    this.#closed = reason;
    for (const writer of this.#writers.values()) writer.close();
    this.#writer.close();
  }

  /** No turns are followed any more: who still waits learns nothing here, whatever a leader makes of it. */
  end(): void {
    this.#answers.end(new FateOpen('this process has ended before the answer was there'));
  }

  #write(input: InputEntry, told: Told): void {
    const { nowMs, after } = this.#parts;
    let isOver = false;
    const end = (outcome: Answer | Error): void => {
      isOver = true;
      cancel();
      forget();
      told(outcome);
    };
    const forget = this.#answers.await(input, end);
    const cancel = after(ANSWER_MS, () => end(new FateOpen(`no leader took it within ${ANSWER_MS} ms`)));
    this.#writerOf(input).write({
      record: recordOfInput(input, this.#framing),
      untilMs: nowMs() + WRITE_MS,
      isOver: () => isOver,
      failed: (fault, mayBeThere) => end(whyNotTaken(fault, mayBeThere)),
    });
  }

  #writerOf(input: InputEntry): TopicWriter {
    const { cell, partitions, nowMs, onFault } = this.#parts;
    const topic = topicOf(input.code) as InputTopic;
    const partition = partitionOf(keyOf(input), partitions[topic]);
    const name = `${topic}/${partition}`;
    let writer = this.#writers.get(name);
    if (writer === undefined) {
      const onHeld = (bytes: number): void => {
        this.#heldBytes += bytes;
      };
      const onRefused = (fault: KafkaFault | null): void => onFault?.(`writing ${topic}`, fault);
      const at = { topic: topicName(cell, topic), partition };
      writer = new TopicWriter({ writer: this.#writer, ...at, nowMs, onHeld, onRefused });
      this.#writers.set(name, writer);
    }
    return writer;
  }
}

function whyNotTaken({ code, message }: KafkaFault, mayBeThere: boolean): Error {
  if (mayBeThere) return new FateOpen(message);
  return code === 'payload-too-large' ? new InputTooLarge(message) : new NotReady(message);
}

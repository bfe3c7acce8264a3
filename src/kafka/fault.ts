import type { ErrorCode } from '../catalogue/generated/errors.js';

/** The codes with which talking to brokers fails. */
export type KafkaFaultCode = Extract<
  ErrorCode,
  | 'kafka-unavailable'
  | 'kafka-denied'
  | 'kafka-held-back'
  | 'kafka-refused'
  | 'kafka-topic-anew'
  | 'kafka-topic-missing'
  | 'kafka-records-gone'
  | 'kafka-unsafe'
  | 'payload-too-large'
>;

/** What a request to the brokers came to that failed. */
export class KafkaFault extends Error {
  override readonly name = 'KafkaFault';

  constructor(
    readonly code: KafkaFaultCode,
    message: string,
    /** False if the brokers certainly did nothing of what was asked; true if that is not known. */
    readonly maybeDone: boolean,
    cause?: unknown,
  ) {
    super(message, { cause });
  }

  /** Whether asking again may help without anybody doing something. */
  get isPassing(): boolean {
    return this.code === 'kafka-unavailable';
  }

  /** The same where the topic is known to have been there: who has just come to lead a partition may not know it yet. */
  get isPassingOnceThere(): boolean {
    return this.isPassing || this.code === 'kafka-topic-missing';
  }
}

/** Hears what a part of the fabric can't have from the brokers and waits for, and with null that it has it. */
export type OnFault = (part: string, fault: KafkaFault | null) => void;

interface ClientError {
  readonly name?: string;
  readonly type?: string;
  readonly message?: string;
  /** As `host:port`, where it is about the connection to one. */
  readonly broker?: string;
  readonly cause?: unknown;
  /** What was wrong with each of several topics. */
  readonly errors?: readonly { readonly topic?: string; readonly type?: string; readonly message?: string }[];
  /** What was wrong with partitions of which records were to be deleted. */
  readonly partitions?: readonly { readonly error?: ClientError }[];
}

const DENIED = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'ILLEGAL_SASL_STATE',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
]);
/** Answers to whoever makes or grows topics. */
const REFUSED = new Set([
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_PARTITIONS',
  'INVALID_REPLICATION_FACTOR',
  'INVALID_REPLICA_ASSIGNMENT',
  'INVALID_CONFIG',
  'POLICY_VIOLATION',
]);
const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);
/** The type of what records come to that can not be read, however often they are asked for. */
export const UNREADABLE = 'UNREADABLE_RECORDS';
/** Answers of a broker after which a record may be in the log all the same. */
const UNDECIDED = new Set(['REQUEST_TIMED_OUT', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'UNKNOWN']);

/**
 * An error of the client as one of ours. `wasSent` says whether the request had left: an answer of the broker that
 * refuses it is sure, silence isn't.
 */
export function asKafkaFault(error: unknown, doing: string, wasSent: boolean): KafkaFault {
  if (error instanceof KafkaFault) return error;
  const root = rootOf(error);
  const type = root.type ?? '';
  const isAnswer = type !== '' && !UNDECIDED.has(type);
  const message = `${doing}: ${said(root) ?? String(error)}`;
  return new KafkaFault(codeOf(root, type), message, wasSent && !isAnswer, error);
}

/** What it says; which broker it is about, too: brokers have other addresses than those that were named. */
function said({ message, broker }: ClientError): string | undefined {
  if (message === undefined || broker === undefined || message.includes(broker)) return message;
  return `${message.trimEnd()} (${broker})`;
}

function codeOf(root: ClientError, type: string): KafkaFaultCode {
  if (DENIED.has(type) || root.name === 'KafkaJSSASLAuthenticationError') return 'kafka-denied';
  if (isCertificate(root)) return 'kafka-denied';
  if (REFUSED.has(type)) return 'kafka-refused';
  if (type === UNREADABLE) return 'kafka-unsafe';
  if (type === 'UNKNOWN_TOPIC_OR_PARTITION') return 'kafka-topic-missing';
  if (type === 'OFFSET_OUT_OF_RANGE' || root.name === 'KafkaJSOffsetOutOfRange') return 'kafka-records-gone';
  return TOO_LARGE.has(type) ? 'payload-too-large' : 'kafka-unavailable';
}

/** How the client begins to tell of what was thrown before a broker was asked, such as by a key that is being renewed. */
const NOT_ASKED = 'Failed to connect: ';

/** A TLS handshake that failed because of who somebody is; Node names it in the message only, where a host's name may be. */
function isCertificate({ message = '', broker = '' }: ClientError): boolean {
  if (message.startsWith(NOT_ASKED)) return false;
  const meant = message.replaceAll(broker.replace(/:\d+$/, ''), '');
  return /certificate|CERT_|self.signed|unable to verify|alert (bad|unknown|expired)/i.test(meant);
}

/** What a chain of wrapped errors began with; of several at once, the first, with what all of them say. */
function rootOf(error: unknown): ClientError {
  let root = (error ?? {}) as ClientError;
  while (root.type === undefined && typeof root.cause === 'object' && root.cause !== null) {
    root = root.cause as ClientError;
  }
  const { errors = [], partitions = [] } = root;
  const [first] = errors;
  if (first === undefined) return partitions.find(({ error }) => error?.type !== undefined)?.error ?? root;
  const message = errors.map((one) => `${one.topic}: ${one.message}`).join('; ');
  return first.type === undefined ? { message } : { message, type: first.type };
}

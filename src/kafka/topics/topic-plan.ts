/** Which topics a cell needs, with which settings; and what is to be done about those that are there. */
import { KafkaFault } from '../fault.js';
import { INPUT_TOPICS, type InputTopic, OUTPUT_TOPICS, type OutputTopic, topicName } from './names.js';

/** A topic as the fabric needs it. */
export interface TopicWish {
  readonly name: string;
  readonly partitions: number;
  readonly replicas: number;
  readonly settings: Readonly<Record<string, string>>;
}

/** A topic as the brokers have it. */
export interface TopicFound {
  readonly name: string;
  readonly partitions: number;
  readonly replicas: number;
  /** The settings in force, whether they are the topic's own or the brokers'. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The same with what is in it. */
export interface TopicWithContent extends TopicFound {
  /** Nobody can read a record of it, so no key has a place yet. */
  readonly isEmpty: boolean;
}

export interface TopicOptions {
  readonly cell: string;
  /** Partitions of each topic that has more than one. */
  readonly partitions: number;
  /** Copies of each partition. */
  readonly replicas: number;
  /** How long what is not the journal is kept, in ms. */
  readonly retentionMs: number;
  /** One broker will do: nothing is promised when it is lost. */
  readonly isDev: boolean;
  /** Projections that have records get more partitions, too: who reads them puts up with keys that move. */
  readonly movesKeys?: boolean;
}

/** What is to be done about one topic. */
export interface TopicAction {
  readonly wish: TopicWish;
  /** `grow` gives a topic more partitions. */
  readonly action: 'create' | 'grow' | 'keep' | 'refuse';
  /** How many partitions it has; null where it isn't there. */
  readonly partitionsFound: number | null;
  /** What is unsafe about it, as `setting: value, reason`. */
  readonly problems: readonly string[];
}

/** Bytes of the largest record: a submission of 8 MiB and what its turn causes. */
export const MAX_RECORD_BYTES = 12 * 1024 * 1024;
/** Copies below which one lost broker may lose the journal, and those that must have a record. */
const SAFE_REPLICAS = 3;
const SAFE_IN_SYNC = 2;
/** What topics drop. */
const CLEANUP = 'cleanup.policy';

/** The topics of a cell. */
export function wishesOf({ cell, partitions, replicas, retentionMs, isDev }: TopicOptions): readonly TopicWish[] {
  const shared = {
    [CLEANUP]: 'delete',
    // Whatever a producer sends: brokers undo it faster than the fabric's one thread, which would do it at every reading.
    'compression.type': 'uncompressed',
    'max.message.bytes': String(MAX_RECORD_BYTES),
    'message.timestamp.type': 'LogAppendTime',
    'min.insync.replicas': String(isDev ? 1 : SAFE_IN_SYNC),
    'unclean.leader.election.enable': 'false',
  };
  const wish = (topic: InputTopic | OutputTopic | 'journal', count: number, keptMs: number): TopicWish => ({
    name: topicName(cell, topic),
    partitions: count,
    replicas,
    settings: { ...shared, 'retention.ms': String(keptMs), 'retention.bytes': '-1' },
  });
  return [
    wish('journal', 1, -1),
    ...INPUT_TOPICS.map((topic) => wish(topic, topic === 'controls' ? 1 : partitions, retentionMs)),
    ...OUTPUT_TOPICS.map((topic) => wish(topic, topic === 'timings' ? 1 : partitions, retentionMs)),
  ];
}

/**
 * What is to be done, topic by topic. Of what is there only partitions are added, where keys allow: a setting that isn't
 * safe is refused.
 */
export function planTopics(options: TopicOptions, found: readonly TopicWithContent[]): readonly TopicAction[] {
  const byName = new Map(found.map((topic) => [topic.name, topic]));
  return wishesOf(options).map((wish) => {
    const there = byName.get(wish.name);
    const problems = there === undefined ? problemsOfWish(wish, options) : problemsOfFound(there, wish, options);
    const action = problems.length > 0 ? 'refuse' : actionOf(there, wish);
    return { wish, action, partitionsFound: there?.partitions ?? null, problems };
  });
}

function actionOf(there: TopicFound | undefined, { partitions }: TopicWish): TopicAction['action'] {
  if (there === undefined) return 'create';
  return there.partitions < partitions ? 'grow' : 'keep';
}

function problemsOfWish({ replicas }: TopicWish, { isDev }: TopicOptions): readonly string[] {
  return isDev ? [] : tooFewReplicas(replicas);
}

function tooFewReplicas(replicas: number): readonly string[] {
  if (replicas >= SAFE_REPLICAS) return [];
  return [`replicas: ${replicas}, fewer than ${SAFE_REPLICAS} lose records with one broker`];
}

function problemsOfFound(found: TopicWithContent, wish: TopicWish, options: TopicOptions): readonly string[] {
  const { cell, isDev, movesKeys = false } = options;
  const isJournal = wish.name === topicName(cell, 'journal');
  const isProjection = OUTPUT_TOPICS.some((topic) => wish.name === topicName(cell, topic));
  return [
    ...(isDev ? [] : tooFewReplicas(found.replicas)),
    ...(isJournal ? problemsOfJournal(found) : []),
    ...(isProjection && !movesKeys ? movedKeys(found, wish) : []),
    ...neverWritten(found),
    ...Object.entries(found.settings).flatMap(([name, value]) => problemOfSetting(name, value, isDev)),
  ];
}

/**
 * Who reads a projection counts on the records of a key being in one partition, in their order. Inputs are told apart
 * and put right by the kernel, in whatever order they come, so their topics may grow at any time.
 */
function movedKeys({ partitions, isEmpty }: TopicWithContent, wish: TopicWish): readonly string[] {
  if (partitions >= wish.partitions || isEmpty) return [];
  const ways = `--move-keys lets them, --partitions ${partitions} leaves it as it is`;
  return [`partitions: ${partitions}, with ${wish.partitions} the keys of records that are there would move; ${ways}`];
}

/** With fewer copies than must have a record, brokers take none. */
function neverWritten({ replicas, settings }: TopicFound): readonly string[] {
  const name = 'min.insync.replicas';
  const needed = Number(settings[name] ?? 1);
  return needed > replicas ? [`${name}: ${needed}, of ${replicas} replicas: nothing could be written`] : [];
}

/** The journal is one log, all of it, in its order. */
function problemsOfJournal({ partitions, settings }: TopicFound): readonly string[] {
  const problems: string[] = [];
  if (partitions !== 1) {
    const way =
      'take its turns out with marie export, make the topic anew, and write them back with marie journal import';
    problems.push(`partitions: ${partitions}, the journal is one log: ${way}`);
  }
  for (const name of ['retention.ms', 'retention.bytes']) {
    const value = settings[name] ?? '-1';
    if (Number(value) >= 0) problems.push(`${name}: ${value}, the journal would lose its beginning`);
  }
  return problems;
}

function problemOfSetting(name: string, value: string, isDev: boolean): readonly string[] {
  switch (name) {
    case 'unclean.leader.election.enable':
      return value === 'true' ? [`${name}: true, acknowledged records could be lost`] : [];
    case CLEANUP:
      return value.includes('compact') ? [`${name}: ${value}, records would be dropped`] : [];
    case 'message.timestamp.type':
      return value === 'LogAppendTime' ? [] : [`${name}: ${value}, the brokers' clock must stamp the records`];
    case 'min.insync.replicas':
      return isDev || Number(value) >= SAFE_IN_SYNC ? [] : [`${name}: ${value}, a record could be on one broker only`];
    case 'max.message.bytes':
      return Number(value) >= MAX_RECORD_BYTES
        ? []
        : [`${name}: ${value}, large records would not be taken: set it to ${MAX_RECORD_BYTES}`];
    default:
      return [];
  }
}

/** What it says of a topic that a record of the fabric is too large for it: it was set to take smaller ones meanwhile. */
export function tooSmall(fault: KafkaFault): KafkaFault {
  const todo = `set its max.message.bytes to ${MAX_RECORD_BYTES}`;
  return new KafkaFault('kafka-unsafe', `${fault.message}; ${todo}`, fault.maybeDone, fault);
}

/**
 * Why a process can't work with the journal and the topics of inputs. It is less strict than `planTopics`: what a cell may
 * do without, such as copies, is the choice of who made the topics. A journal is refused that would lose turns, or not take
 * all of them, as a large one, or that has other times than the brokers'; topics of inputs that would lose some before their
 * time.
 */
export function judgeInUse(cell: string, found: readonly TopicFound[]): readonly string[] {
  const journal = topicName(cell, 'journal');
  return found.flatMap((topic) =>
    problemsInUse(topic, topic.name === journal).map((problem) => `${topic.name}: ${problem}`),
  );
}

function problemsInUse(topic: TopicFound, isJournal: boolean): readonly string[] {
  const problems = Object.entries(topic.settings).flatMap(([name, value]) =>
    isJournal || name === CLEANUP ? problemOfSetting(name, value, true) : [],
  );
  return isJournal ? [...problemsOfJournal(topic), ...neverWritten(topic), ...problems] : problems;
}

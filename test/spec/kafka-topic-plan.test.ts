import { describe, expect, it } from 'vitest';
import {
  judgeInUse,
  planTopics,
  type TopicOptions,
  type TopicWithContent,
  wishesOf,
} from '../../src/kafka/topics/topic-plan.js';

const SAFE: TopicOptions = { cell: 'main', partitions: 4, replicas: 3, retentionMs: 604_800_000, isDev: false };

/** All topics as they were wished for, one of them with something changed. */
function found(
  name: string,
  change: (topic: TopicWithContent) => Partial<TopicWithContent>,
): readonly TopicWithContent[] {
  return wishesOf(SAFE).map((wish) => {
    const topic = { ...wish, isEmpty: false };
    return wish.name === name ? { ...topic, ...change(topic) } : topic;
  });
}

function refusals(topics: readonly TopicWithContent[], options = SAFE): readonly string[] {
  return planTopics(options, topics).flatMap(({ wish, problems }) =>
    problems.map((problem) => `${wish.name}: ${problem}`),
  );
}

function set(name: string, value: string) {
  return ({ settings }: TopicWithContent): Partial<TopicWithContent> => ({ settings: { ...settings, [name]: value } });
}

describe('the plan of topics', () => {
  it('makes what is missing, and leaves alone what is there', () => {
    const [journal, ...others] = wishesOf(SAFE);
    const there = others.map((wish) => ({ ...wish, isEmpty: true }));
    expect(planTopics(SAFE, there).map(({ action }) => action)).toEqual(['create', ...others.map(() => 'keep')]);
    expect(journal).toMatchObject({ name: 'marie.main.journal', partitions: 1, replicas: 3 });
    expect(journal?.settings).toMatchObject({ 'retention.ms': '-1', 'message.timestamp.type': 'LogAppendTime' });
    expect(planTopics(SAFE, []).every(({ action }) => action === 'create')).toBe(true);
  });

  const journal = 'marie.main.journal';
  const input = 'marie.main.callbacks';
  it.each([
    [journal, () => ({ partitions: 2 }), 'partitions: 2, the journal is one log: take its turns out with marie export'],
    [journal, () => ({ replicas: 2 }), 'replicas: 2'],
    [journal, set('retention.ms', '604800000'), 'retention.ms: 604800000'],
    [journal, set('retention.bytes', '1000'), 'retention.bytes: 1000'],
    [journal, set('cleanup.policy', 'compact,delete'), 'cleanup.policy: compact,delete'],
    [input, set('unclean.leader.election.enable', 'true'), 'unclean.leader.election.enable: true'],
    [input, set('min.insync.replicas', '1'), 'min.insync.replicas: 1'],
    [input, set('message.timestamp.type', 'CreateTime'), 'message.timestamp.type: CreateTime'],
    [input, set('max.message.bytes', '1048588'), 'max.message.bytes: 1048588'],
  ] as const)('refuses %s with what is not safe: %o', (name, change, problem) => {
    const problems = refusals(found(name, change));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${name}: ${problem}`);
  });

  it('adds partitions to inputs at any time, to projections while they are empty', () => {
    const grown = (name: string, isEmpty: boolean) =>
      planTopics(
        SAFE,
        found(name, () => ({ partitions: 1, isEmpty })),
      ).find(({ wish }) => wish.name === name);
    expect(grown(input, false)).toMatchObject({ action: 'grow', partitionsFound: 1, problems: [] });
    expect(grown('marie.main.leases', true)).toMatchObject({ action: 'grow', partitionsFound: 1 });
    const refused = grown('marie.main.leases', false);
    expect(refused).toMatchObject({ action: 'refuse', partitionsFound: 1 });
    expect(refused?.problems.join()).toContain('partitions: 1, with 4 the keys of records that are there would move');
    const moving = planTopics(
      { ...SAFE, movesKeys: true },
      found('marie.main.leases', () => ({ partitions: 1 })),
    );
    expect(moving.map(({ action }) => action).filter((action) => action !== 'keep')).toEqual(['grow']);
  });

  it('refuses a topic that takes no records, with --dev too', () => {
    const few = found(input, (topic) => ({ replicas: 1, ...set('min.insync.replicas', '2')(topic) }));
    expect(refusals(few, { ...SAFE, isDev: true, replicas: 1 }).join()).toContain('of 1 replicas: nothing could be');
  });

  it('refuses fewer than three replicas, and takes one for development', () => {
    expect(refusals([], { ...SAFE, replicas: 1 })).toHaveLength(10);
    expect(refusals([], { ...SAFE, replicas: 1, isDev: true })).toEqual([]);
  });

  it('lets inputs and projections have any retention and number of partitions', () => {
    expect(refusals(found(input, () => ({ partitions: 64 })))).toEqual([]);
    expect(refusals(found(input, set('retention.ms', '1000')))).toEqual([]);
  });
});

describe('topics that a process is to work with', () => {
  const journal = 'marie.main.journal';
  const inputs = 'marie.main.submissions';
  const inUse = (name: string, change: (topic: TopicWithContent) => Partial<TopicWithContent>) =>
    judgeInUse('main', found(name, change));

  it.each([
    [journal, 'compression.type', 'producer'],
    [journal, 'compression.type', 'zstd'],
    [journal, 'min.insync.replicas', '1'],
    [inputs, 'compression.type', 'producer'],
    [inputs, 'max.message.bytes', '1048588'],
    [inputs, 'message.timestamp.type', 'CreateTime'],
  ])('%s may have %s=%s', (name, setting, value) => {
    expect(inUse(name, set(setting, value))).toEqual([]);
  });

  it('may have fewer copies than are safe', () => {
    const few = found(journal, (topic) => ({ replicas: 1, ...set('min.insync.replicas', '1')(topic) }));
    expect(judgeInUse('main', few)).toEqual([]);
  });

  it.each([
    [journal, 'max.message.bytes', '1048588', 'large records would not be taken: set it to 12582912'],
    [journal, 'cleanup.policy', 'compact', 'records would be dropped'],
    [inputs, 'cleanup.policy', 'compact,delete', 'records would be dropped'],
    [journal, 'retention.ms', '604800000', 'the journal would lose its beginning'],
    [journal, 'message.timestamp.type', 'CreateTime', "the brokers' clock must stamp the records"],
    [journal, 'min.insync.replicas', '4', 'of 3 replicas: nothing could be written'],
  ])('%s is refused with %s=%s: %s', (name, setting, value, why) => {
    expect(inUse(name, set(setting, value))).toEqual([`${name}: ${setting}: ${value}, ${why}`]);
  });
});

import type { ConfigInput } from '../../main/config/config.js';
import { loadConfig } from '../../main/config/config-file.js';
import { DEFAULT_TOPICS, planInit, type TopicAction } from '../../main/kafka/topics.js';
import { brokersOf } from '../brokers.js';
import { CliError, Exit } from '../exit.js';
import type { Io } from '../terminal/io.js';
import { type ColumnOf, tableOf } from '../text/table.js';
import { visibleIn } from '../text/visible.js';

export interface KafkaInitOptions {
  readonly config?: string;
  readonly kafka?: string;
  readonly cell?: string;
  readonly registry?: string;
  readonly partitions?: number;
  readonly replicas?: number;
  readonly retentionMs?: number;
  readonly moveKeys?: boolean;
  readonly dev?: boolean;
  readonly dryRun?: boolean;
}

/** `marie kafka init`: prints the plan, then carries it out. */
export async function kafkaInit(io: Io, options: KafkaInitOptions): Promise<void> {
  const { dev: isDev = false, dryRun: isDry = false } = options;
  const settings: ConfigInput = { ...(options.cell === undefined ? {} : { cell: options.cell }) };
  const registry = options.registry === undefined ? {} : { registry: { url: options.registry } };
  if (options.kafka !== undefined) settings.kafka = { ...brokersOf(options.kafka), ...registry };
  const { cell, kafka } = loadConfig(options.config ?? null, settings);
  if (kafka === undefined) {
    throw new CliError(Exit.Usage, 'config-invalid', 'no brokers are named', {
      todo: 'Give --kafka host:port, or a --config with kafka.',
    });
  }
  const wanted = {
    partitions: options.partitions ?? DEFAULT_TOPICS.partitions,
    replicas: options.replicas ?? (isDev ? 1 : DEFAULT_TOPICS.replicas),
    retentionMs: options.retentionMs ?? DEFAULT_TOPICS.retentionMs,
    isDev,
    movesKeys: options.moveKeys ?? false,
  };
  const plan = await planInit({ cell }, kafka, wanted);
  io.emit('kafka-init', { cell, isDry, topics: plan.topics.map(topicOf), schemas: plan.schemas }, () =>
    tableOf(io, COLUMNS, visibleIn(plan.topics)),
  );
  if (plan.isRefused) throw refusal(plan.topics);
  const schemas = plan.schemas === null ? '' : `, ${plan.schemas} schemas in the registry`;
  if (isDry) return io.note(`nothing was made: --dry-run${schemas === '' ? '' : `; it would be all this${schemas}`}`);
  await plan.carryOut();
  io.note(`done: ${plan.topics.length} topics${schemas}`);
}

function refusal(topics: readonly TopicAction[]): CliError {
  const problems = topics.flatMap(({ wish, problems: own }) => own.map((problem) => `${wish.name}: ${problem}`));
  return new CliError(Exit.Refused, 'kafka-unsafe', "nothing was made: topics can't be used as they are", {
    problems,
    todo: 'Correct them with the tools of the brokers, or take --dev where nothing must be safe.',
  });
}

function topicOf({ wish, action, partitionsFound, problems }: TopicAction) {
  const { name, partitions, replicas, settings } = wish;
  return { name, action, partitions, partitionsFound, replicas, settings: { ...settings }, problems };
}

const COLUMNS: readonly ColumnOf<TopicAction>[] = [
  { title: 'topic', cell: ({ wish }) => wish.name },
  { title: 'action', cell: ({ action }) => action },
  {
    title: 'partitions',
    right: true,
    cell: ({ wish: { partitions }, action, partitionsFound: found }) =>
      action === 'grow' ? `${found} → ${partitions}` : String(found ?? partitions),
  },
  { title: 'replicas', right: true, cell: ({ wish }) => String(wish.replicas) },
  { title: 'kept', cell: ({ wish }) => keptText(Number(wish.settings['retention.ms'])) },
  { title: 'problems', cell: ({ problems }) => problems.join('; ') },
];

function keptText(keptMs: number): string {
  return keptMs < 0 ? 'always' : `${Math.round(keptMs / 3_600_000)} h`;
}

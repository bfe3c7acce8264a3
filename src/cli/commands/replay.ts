import { atLeast, collect, turnNumber } from '../arguments.js';
import type { ArgumentSpec, CommandSpec, GroupSpec, OptionSpec } from '../spec.js';

const JOURNAL: ArgumentSpec = {
  name: '<journal>',
  about:
    'a data directory, a journal folder, an export, one of its files, kafka://host:port/cell, or corpus:late-invoice',
  complete: 'directory',
};

const TENANT: OptionSpec = { flags: '--tenant <name>', about: 'whose DAG', default: 'default' };

const NTH: OptionSpec = {
  flags: '--nth <n>',
  about: 'which of the DAGs that had this id, one after the other, from 1 (default: the last)',
  parse: atLeast(1, 'a place among the DAGs of an id'),
};

const SNAPSHOTS: OptionSpec = {
  flags: '--snapshots <dir>',
  about: 'where snapshots are that the fold may go on from, if not beside the journal',
  complete: 'directory',
};

const verify: CommandSpec = {
  name: 'verify',
  about: "Fold a journal again: every turn's state hash, and the invariants at each.",
  arguments: [{ ...JOURNAL, name: '<dir>' }],
  options: [
    { flags: '--again', about: 'decide every turn again from its inputs, too; takes a few times as long' },
    { flags: '--from <moment>', about: 'go on from the newest snapshot before it (default: the first turn)' },
    { flags: '--to <moment>', about: 'the last moment that is looked at (default: the end)' },
    SNAPSHOTS,
  ],
  notes: `A moment is a turn, or a time such as 2026-01-31T08:30:00Z. Checked are the chain, positions of inputs, digests, the state hash of every turn, and the invariants of
docs/faults.md. At the first turn that is wrong it says which rows and numbers do not fit, and what differs from the
turn that the kernel decides in its place.`,
  examples: [
    { line: 'marie replay verify marie-data' },
    { line: 'marie replay verify marie-data --again', about: 'byte by byte' },
    { line: 'marie replay verify marie-data --from 5', about: 'from the newest snapshot before turn 5' },
    { line: 'marie replay verify kafka://127.0.0.1:9092/main' },
  ],
  output: 'replay-verify',
  load: async () => (await import('../actions/replay-verify.js')).replayVerify,
};

const state: CommandSpec = {
  name: 'state',
  about: 'Show frontier, slots, leases or a DAG as they stood at a moment, or what changed between two.',
  arguments: [JOURNAL],
  options: [
    { flags: '--at <moment>', about: 'a turn, or a time such as 2026-01-31T08:30:00Z (default: the end)' },
    { flags: '--diff <moment>', about: 'the rows that differ from --at to this later moment' },
    { flags: '--dag <id>', about: 'one DAG with its jobs' },
    TENANT,
    SNAPSHOTS,
  ],
  notes: `A moment is looked at from the newest snapshot before it (marie snapshot create); --diff folds from the first turn.
A turn behind the end is refused; of a time behind it the last turn is shown, and said to be the last.`,
  examples: [
    { line: 'marie replay state marie-data' },
    { line: 'marie replay state marie-data --at 4 --diff 6', about: 'what turns 5 and 6 have changed' },
    { line: 'marie replay state marie-data --dag invoice-17 --tenant history' },
  ],
  output: 'replay-state',
  load: async () => (await import('../actions/replay-state.js')).replayState,
};

const why: CommandSpec = {
  name: 'why',
  about: 'Say why a job was dispatched when it was, there, and not earlier.',
  arguments: [
    JOURNAL,
    { name: '<dag>', about: 'id of the DAG' },
    { name: '<job>', about: 'id of the job; page[3] is a child of a fan-out, page[3]#2 its second attempt' },
  ],
  options: [TENANT, NTH, SNAPSHOTS],
  notes: `Only the turns are folded in which the DAG was open and the job had not ended, from the newest snapshot before
them. Without an index beside the journal (marie replay index) they are found by a pass over all turns. The parts of a wait
sum exactly to it. The dispatch is decided again from the state before it, and compared with what the journal says.`,
  examples: [
    { line: 'marie replay why marie-data letter-3 merge --tenant history' },
    { line: "marie replay why marie-data letter-3 'page[1]#1' --tenant history" },
  ],
  output: 'replay-why',
  load: async () => (await import('../actions/replay-why.js')).replayWhy,
};

const index: CommandSpec = {
  name: 'index',
  about: 'Note beside a journal in which turns each DAG was open, so that why finds them at once.',
  arguments: [JOURNAL],
  notes: `The index is made by one pass, and is a hint: why compares it with the journal, carries it on where the journal
has gone on, and makes it anew where it is of another.`,
  examples: [{ line: 'marie replay index marie-data' }],
  output: 'replay-index',
  load: async () => (await import('../actions/replay-index.js')).replayIndex,
};

const sla: CommandSpec = {
  name: 'sla',
  about: 'Say why a deadline was missed and what would have been enough, or what held up all that were.',
  arguments: [JOURNAL, { name: '[dag]', about: 'id of the DAG; otherwise give --missed' }],
  options: [
    TENANT,
    NTH,
    { flags: '--missed', about: 'every missed deadline, with what held them up, taken together' },
    { flags: '--since <moment>', about: 'with --missed: deadlines from this time on' },
    { flags: '--class <name>', about: 'with --missed: DAGs with a job of this class' },
    { flags: '--all-tenants', about: 'with --missed: of every tenant' },
    { flags: '--no-remedies', about: 'play no other histories to find what would have been enough' },
  ],
  examples: [
    { line: 'marie replay sla marie-data letter-3 --tenant history' },
    { line: 'marie replay sla marie-data --missed --all-tenants' },
  ],
  output: 'replay-sla',
  load: async () => (await import('../actions/replay-sla.js')).replaySla,
};

const whatIf: CommandSpec = {
  name: 'what-if',
  about: 'Play a history again under another policy, other weights, other capacity, or without a DAG.',
  arguments: [JOURNAL],
  options: [
    { flags: '--policy <id>', about: 'the policy from the first turn on, such as fifo@1' },
    { flags: '--slots <class=n>', about: 'slots of a class in all; may be repeated', parse: collect, default: [] },
    { flags: '--weight <tenant=n>', about: 'weight of a tenant; may be repeated', parse: collect, default: [] },
    { flags: '--without <dag>', about: 'a DAG that is left out; may be repeated', parse: collect, default: [] },
    {
      flags: '--sweep <class=name:from..to>',
      about: 'a capacity curve: every number of slots in a range, under the other changes',
    },
    TENANT,
  ],
  notes: `Arrivals, operators and executors do what they did when they did it, and an attempt takes as long as it took.
An attempt that never ran takes its estimate and succeeds; so does one that others ended, but not before it had run longer
than it had then. Without a change it gives back the history itself.`,
  examples: [
    { line: 'marie replay what-if marie-data --policy fifo@1' },
    { line: 'marie replay what-if marie-data --slots ocr=2 --without letter-3 --tenant history' },
    { line: 'marie replay what-if marie-data --sweep class=ocr:1..4' },
  ],
  output: 'replay-what-if',
  load: async () => (await import('../actions/replay-what-if.js')).replayWhatIf,
};

const bisect: CommandSpec = {
  name: 'bisect',
  about: 'Find the first turn at which two policies, or two releases, decide differently.',
  arguments: [
    JOURNAL,
    { name: '[policy]', about: 'such as fifo@1; otherwise give --against' },
    { name: '[other]', about: 'another policy (default: what was recorded)' },
  ],
  options: [
    {
      flags: '--against <folder>',
      about: 'another release: the folder of its package, or one in which it is installed',
      complete: 'directory',
    },
  ],
  notes: `Policies are compared by playing the history again under each. Releases decide every turn again, each on the
state that the recorded turns before it have led to; the other one runs as a process of its own.`,
  examples: [
    { line: 'marie replay bisect marie-data fifo@1' },
    { line: 'marie replay bisect marie-data fifo@1 edf@1' },
    { line: 'marie replay bisect marie-data --against marie-0.1.0', about: 'with another release' },
  ],
  output: 'replay-bisect',
  load: async () => (await import('../actions/replay-bisect.js')).replayBisect,
};

const decide: CommandSpec = {
  name: 'decide',
  about: 'Decide every turn again from its inputs, and print what comes out: what releases are compared by.',
  arguments: [JOURNAL],
  options: [{ flags: '--turn <turn>', about: 'one turn: its dispatches, with what decided each', parse: turnNumber }],
  notes: `A line for each turn: its dispatches, a digest of them and one of all that it says, and whether that is what was
recorded.`,
  examples: [
    { line: 'marie replay decide marie-data' },
    { line: 'marie replay decide marie-data --turn 3', about: 'its dispatches' },
  ],
  output: 'replay-decide',
  lines: true,
  load: async () => (await import('../actions/replay-decide.js')).replayDecide,
};

const exportCommand: CommandSpec = {
  name: 'export',
  about: 'Write a history as tables for DuckDB, pandas or Spark, with ready queries.',
  arguments: [JOURNAL],
  options: [
    { flags: '-o, --out <dir>', about: 'folder for the files', default: 'marie-tables', complete: 'directory' },
    {
      flags: '--format <kind>',
      about: 'parquet, or ndjson: a JSON object a line',
      default: 'parquet',
      choices: ['parquet', 'ndjson'],
    },
  ],
  notes: `The folder is made whole or not at all. Tables: lifecycle, dags, waits, leases, slots, dispatches, capacity. Their columns are in docs/replay.md.
The queries in the folder sql read Parquet by the name of the file: start DuckDB in the folder of the tables.`,
  examples: [
    { line: 'marie replay export marie-data --out tables' },
    { line: 'marie replay export marie-data --format ndjson --out lines' },
  ],
  output: 'replay-export',
  load: async () => (await import('../actions/replay-export.js')).replayExport,
};

const report: CommandSpec = {
  name: 'report',
  about: 'Write a period of a history, or a DAG, as one page with charts that needs nothing else.',
  arguments: [JOURNAL],
  options: [
    { flags: '-o, --out <file>', about: 'the page', default: 'report.html', complete: 'file' },
    { flags: '--from <time>', about: 'beginning of the period, such as 2026-01-31T08:00:00Z' },
    { flags: '--to <time>', about: 'its end' },
    { flags: '--dag <id>', about: 'one DAG' },
    TENANT,
  ],
  examples: [
    { line: 'marie replay report marie-data --out report.html' },
    { line: 'marie replay report marie-data --dag letter-3 --tenant history --out report.html' },
  ],
  output: 'replay-report',
  load: async () => (await import('../actions/replay-report.js')).replayReport,
};

const anonymise: CommandSpec = {
  name: 'anonymise',
  about: 'Write a journal without names and payloads, so that it can be shared: decisions and times stay.',
  arguments: [JOURNAL],
  options: [
    { flags: '-o, --out <dir>', about: 'folder for the journal', default: 'shared-journal', complete: 'directory' },
  ],
  notes: `Names of tenants, DAGs, executors, labels and blobs become hashes with a key that nobody keeps. Outputs keep
their shape, keys and numbers, their strings become hashes. Where conditions compare texts by their order, hashes have it,
too: each tells between which of these texts its string was. Messages and given inputs go. Ids of jobs, classes, groups,
signals and codes of failures stay. Decided again it comes out the same, save where estimates were learned of so many
names that some displace each other: hashes displace others.`,
  examples: [{ line: 'marie replay anonymise marie-data --out shared' }],
  output: 'replay-anonymise',
  load: async () => (await import('../actions/replay-anonymise.js')).replayAnonymise,
};

export const replay: GroupSpec = {
  name: 'replay',
  section: 'Histories',
  about: 'Study a history.',
  commands: [verify, state, why, index, sla, whatIf, bisect, decide, exportCommand, report, anonymise],
};

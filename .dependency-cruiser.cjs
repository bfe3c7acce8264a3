// Imports point inwards only. Each folder of src/ names what it may import of ours; everything else is refused.
// `npm run dependencies` checks it. The parser is swc: it sees `import type`, and TypeScript 7 has no parser API.

/** For each folder: what it may import of ours (besides itself). */
const MAY_IMPORT = {
  catalogue: [],
  answers: [],
  kernel: ['src/catalogue/(generated/(types|codes|errors)|murmur|child-name)\\.ts'],
  kafka: ['src/catalogue/'],
  journal: ['src/catalogue/', 'src/kafka/'],
  inbox: ['src/catalogue/', 'src/kafka/'],
  outbox: ['src/catalogue/', 'src/kafka/'],
  store: ['src/catalogue/', 'src/kernel/'],
  snapshot: ['src/catalogue/', 'src/store/', 'src/journal/files/(disk|frame|read-frame)\\.ts'],
  scheduler: [
    'src/answers/',
    'src/catalogue/',
    'src/kernel/',
    'src/(journal|inbox|outbox|store|snapshot)/(port|rule|index)\\.ts',
  ],
  blobs: ['src/catalogue/'],
  edge: [
    'src/answers/types\\.ts',
    'src/catalogue/',
    'src/kernel/limits\\.ts',
    'src/form/issue-text\\.ts',
    'src/blobs/port\\.ts',
    'src/scheduler/views/port\\.ts',
    'src/(journal|inbox)/port\\.ts',
  ],
  gateway: [
    'src/answers/',
    'src/catalogue/',
    'src/edge/',
    'src/blobs/',
    'src/scheduler/views/port\\.ts',
    'src/(journal|inbox|outbox|store)/port\\.ts',
  ],
  telemetry: [
    'src/catalogue/',
    'src/outbox/port\\.ts',
    'src/edge/(ports|lifecycle/(names|filter))\\.ts',
    'src/client/adapters/stderr\\.ts',
  ],
  form: [],
  import: ['src/catalogue/', 'src/kernel/', 'src/form/'],
  simulate: ['src/catalogue/', 'src/kernel/', 'src/form/', 'src/edge/submission/'],
  executor: ['src/catalogue/', 'src/client/'],
  client: ['src/answers/', 'src/catalogue/'],
  topics: [
    'src/answers/',
    'src/catalogue/',
    'src/client/',
    'src/executor/',
    'src/edge/',
    'src/inbox/',
    'src/journal/',
    'src/kafka/',
    'src/kernel/decide/check-submission\\.ts',
  ],
  cli: [
    'src/answers/',
    'src/catalogue/',
    'src/client/',
    'src/executor/',
    'src/main/',
    'src/form/',
    'src/journal/',
    'src/snapshot/',
    'src/import/',
    'src/simulate/',
    'src/edge/json/raw\\.ts',
    'replay/',
  ],
};

/** The shell reaches the outside world only in these folders. */
const ADAPTERS = [
  'src/kafka/',
  'src/journal/(files|kafka)/',
  'src/store/rocksdb/',
  'src/(inbox|outbox)/kafka/',
  'src/[^/]+/adapters/',
  'src/blobs/directory\\.ts',
  'src/gateway/http/(connections|unparsed)\\.ts',
  'src/main/',
  'src/cli/',
  'src/executor/',
  'src/client/',
];

/** Node modules that reach the clock, the disk, the network or other processes. (The gateway is HTTP by nature.) */
const OUTSIDE = ['fs', 'timers', 'net', 'tls', 'dgram', 'dns', 'child_process', 'cluster', 'os'];

const folderRules = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `${folder}-imports-inwards`,
  comment: `src/${folder} may import of ours only: ${allowed.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: {
    path: '^(src|replay|bench|examples|test|scripts)/',
    pathNot: [`^src/${folder}/`, ...allowed.map((path) => `^${path}`)],
  },
}));

module.exports = {
  forbidden: [
    ...folderRules,
    {
      name: 'kernel-imports-nothing-else',
      comment: 'The kernel is a calculation: no node:* module and no library.',
      severity: 'error',
      from: { path: '^src/kernel/' },
      to: { pathNot: '^src/' },
    },
    {
      name: 'generated-types-import-nothing',
      comment: 'The kernel imports types.ts, codes.ts and errors.ts, so these must not bring anything with them.',
      severity: 'error',
      from: { path: '^src/catalogue/generated/(types|codes|errors)\\.ts$' },
      to: { pathNot: '^src/catalogue/generated/(types|codes|errors)\\.ts$' },
    },
    {
      name: 'outside-world-in-adapters-only',
      comment: 'Clock, timers, disk, network and processes come through ports; only adapter folders touch them.',
      severity: 'error',
      from: { path: '^src/', pathNot: ADAPTERS.map((path) => `^${path}`) },
      to: { dependencyTypes: ['core'], path: `^(node:)?(${OUTSIDE.join('|')})(/|$)` },
    },
    {
      name: 'only-the-store-knows-rocksdb',
      severity: 'error',
      from: { pathNot: '^(src/store/rocksdb/|test/|bench/)' },
      to: { path: '(^|node_modules/)rocksdb(/|$)' },
    },
    {
      name: 'only-the-adapters-know-kafkajs',
      comment: 'The client can be changed: it is known in src/kafka, and by what starts brokers for tests.',
      severity: 'error',
      from: { pathNot: '^(src/kafka/|test/|bench/)' },
      to: { path: '(^|node_modules/)kafkajs(/|$)' },
    },
    {
      name: 'kafka-behind-the-ports',
      comment: 'Journal, inbox and outbox reach brokers in their kafka folders only.',
      severity: 'error',
      from: { path: '^src/(journal|inbox|outbox)/', pathNot: '^src/(journal|inbox|outbox)/kafka/' },
      to: { path: '^src/kafka/' },
    },
    {
      name: 'examples-use-the-public-parts',
      comment: 'An executor is written with the SDK and the client, nothing else of ours.',
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: '^(src|replay|bench|test)/', pathNot: '^src/(executor|client|topics)/' },
    },
    {
      name: 'program-does-not-import-tests',
      severity: 'error',
      from: { path: '^(src|replay|examples)/' },
      to: { path: '^test/' },
    },
    {
      name: 'benchmarks-do-not-import-tests',
      comment: 'They start brokers as tests do, with the same code.',
      severity: 'error',
      from: { path: '^bench/' },
      to: { path: '^test/', pathNot: '^test/support/kafka/' },
    },
    {
      name: 'no-development-packages-in-the-program',
      comment: 'What src/ and replay/ import at run time must be installed with the package.',
      severity: 'error',
      from: { path: '^(src|replay)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // What is compared with is no dependency, and installed only for the comparison.
    exclude: { path: '^(dist|node_modules/.cache|bench/kafka/other-client)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};

// Generated from schemas/ by `npm run generate`. Do not edit.

/** Every stable code of an error or a refusal (schemas/errors.json). */
export type ErrorCode =
  | 'invalid-json'
  | 'unknown-field'
  | 'missing-field'
  | 'invalid-value'
  | 'payload-too-large'
  | 'unsupported-media-type'
  | 'duplicate-dag-id'
  | 'duplicate-job-id'
  | 'unknown-job'
  | 'cycle'
  | 'self-loop'
  | 'empty-dag'
  | 'too-many-jobs'
  | 'dag-too-large'
  | 'invalid-join'
  | 'invalid-when'
  | 'invalid-pointer'
  | 'invalid-fan-out'
  | 'invalid-binding'
  | 'invalid-priority'
  | 'invalid-deadline'
  | 'invalid-estimate'
  | 'invalid-slots'
  | 'invalid-retry'
  | 'invalid-timeout'
  | 'invalid-class'
  | 'parent-not-supported'
  | 'unsupported-binding'
  | 'rates-not-supported'
  | 'tenant-open-dags'
  | 'cell-known-jobs'
  | 'unknown-dag'
  | 'dag-terminal'
  | 'dag-not-terminal'
  | 'dag-not-paused'
  | 'already-paused'
  | 'job-terminal'
  | 'job-not-failed'
  | 'no-such-signal'
  | 'signal-already-resolved'
  | 'unknown-executor'
  | 'unknown-policy'
  | 'stale-token'
  | 'stale-incarnation'
  | 'already-accepted'
  | 'duplicate-input'
  | 'executor-busy'
  | 'invalid-limit'
  | 'invalid-clock'
  | 'invalid-progress'
  | 'undecodable'
  | 'not-found'
  | 'method-not-allowed'
  | 'not-ready'
  | 'inbox-full'
  | 'too-many-streams'
  | 'blob-not-found'
  | 'blob-digest-mismatch'
  | 'internal'
  | 'unknown-version'
  | 'digest-mismatch'
  | 'journal-damaged'
  | 'journal-ahead'
  | 'journal-locked'
  | 'journal-foreign-cell'
  | 'store-corrupt'
  | 'disk-full'
  | 'append-failed'
  | 'kafka-unavailable'
  | 'kafka-denied'
  | 'kafka-topic-missing'
  | 'kafka-unsafe'
  | 'kafka-records-gone'
  | 'turn-voided'
  | 'usage'
  | 'unreachable'
  | 'bad-answer'
  | 'blob-damaged'
  | 'not-a-blob'
  | 'aborted'
  | 'not-taken'
  | 'file-not-found'
  | 'file-not-permitted'
  | 'unreadable-file'
  | 'inputs-differ'
  | 'invalid-input'
  | 'invalid-sync'
  | 'unknown-type'
  | 'no-journal'
  | 'plan-invalid'
  | 'invalid-wfformat'
  | 'config-invalid'
  | 'clock-not-accepted'
  | 'port-in-use'
  | 'store-locked'
  | 'store-unavailable'
  | 'store-closed'
  | 'executors-ended'
  | 'unexpected'
  | 'invalid-time';

/** What is to be known about one stable code. */
export interface ErrorInfo {
  /** A few words, the same for every occurrence. */
  readonly title: string;
  /** The HTTP status with which the gateway answers; 0 for what never comes from it. */
  readonly status: number;
  /** Whether the same request may succeed later without a change. */
  readonly retry: boolean;
  /** What has happened. */
  readonly what: string;
  /** What to do about it. */
  readonly todo: string;
}

/** What each code means, and what to do about it. */
export const ERRORS: Readonly<Record<ErrorCode, ErrorInfo>> = {
  'invalid-json': {
    title: 'The body is not JSON',
    status: 400,
    retry: false,
    what: 'The bytes that were sent could not be read as JSON.',
    todo: 'Send valid UTF-8 JSON; the detail names the position.',
  },
  'unknown-field': {
    title: 'Unknown field',
    status: 422,
    retry: false,
    what: 'The input has a field that its schema does not know, so it would be lost.',
    todo: 'Remove the field, or correct its spelling.',
  },
  'missing-field': {
    title: 'Missing field',
    status: 422,
    retry: false,
    what: 'A field that the schema requires is absent.',
    todo: 'Add the field that the path names.',
  },
  'invalid-value': {
    title: 'Invalid value',
    status: 422,
    retry: false,
    what: 'A value has the wrong type or is outside its bounds.',
    todo: 'Correct the value that the path names.',
  },
  'payload-too-large': {
    title: 'Payload too large',
    status: 413,
    retry: false,
    what: 'The request is larger than the limit for its kind.',
    todo: 'Send less at once; put large outputs into a blob and name it.',
  },
  'unsupported-media-type': {
    title: 'Unsupported media type',
    status: 415,
    retry: false,
    what: 'The content type of the request is not one that this address takes.',
    todo: 'Send application/json, or what the API page names for the address.',
  },
  'duplicate-dag-id': {
    title: 'DAG id already used',
    status: 409,
    retry: false,
    what: 'The tenant has a known DAG with this id, submitted with another idempotency key.',
    todo: 'Choose another id, or repeat the submission with its own idempotency key.',
  },
  'duplicate-job-id': {
    title: 'Job id used twice',
    status: 422,
    retry: false,
    what: 'Two jobs of the submission have the same id.',
    todo: 'Give each job an id that is unique in its DAG.',
  },
  'unknown-job': {
    title: 'Unknown job',
    status: 422,
    retry: false,
    what: 'A job is named that the DAG does not have.',
    todo: 'Name a job of the same DAG; a child of a fan-out is named with [index].',
  },
  cycle: {
    title: 'Dependency cycle',
    status: 422,
    retry: false,
    what: 'Jobs depend on each other in a circle; the detail spells one circle out.',
    todo: 'Remove one of the dependencies of the circle.',
  },
  'self-loop': {
    title: 'Job depends on itself',
    status: 422,
    retry: false,
    what: 'A job names itself among the jobs that it depends on.',
    todo: 'Remove the dependency.',
  },
  'empty-dag': {
    title: 'DAG without jobs',
    status: 422,
    retry: false,
    what: 'The submission has no jobs.',
    todo: 'Submit at least one job.',
  },
  'too-many-jobs': {
    title: 'Too many jobs',
    status: 422,
    retry: false,
    what: 'The submission has more jobs than one submission may have.',
    todo: 'Use a fan-out, or submit several DAGs.',
  },
  'dag-too-large': {
    title: 'DAG too large',
    status: 422,
    retry: false,
    what: 'A fan-out would make the DAG larger than a DAG may be; its job fails.',
    todo: 'Fan out over fewer items, or give each child more of them.',
  },
  'invalid-join': {
    title: 'Invalid join',
    status: 422,
    retry: false,
    what: 'The join asks for more upstream jobs than there are, or is negative.',
    todo: 'Use 0 for all, or a number up to the number of upstream jobs.',
  },
  'invalid-when': {
    title: 'Invalid condition',
    status: 422,
    retry: false,
    what: 'The condition of a job is not well-formed, or names a job that is not upstream of it.',
    todo: 'Correct the condition at the path.',
  },
  'invalid-pointer': {
    title: 'Invalid JSON pointer',
    status: 422,
    retry: false,
    what: 'A JSON pointer is not well-formed.',
    todo: 'Write it as RFC 6901 says: empty, or starting with a slash.',
  },
  'invalid-fan-out': {
    title: 'Invalid fan-out',
    status: 422,
    retry: false,
    what: 'A fan-out says not exactly one of how many and over what, or its numbers are out of bounds.',
    todo: 'Give either a count or an upstream job and pointer.',
  },
  'invalid-binding': {
    title: 'Invalid input binding',
    status: 422,
    retry: false,
    what: 'An input of a job has not exactly one source, or one that is not upstream of the job.',
    todo: 'Give each input one of value, uri and from.',
  },
  'invalid-priority': {
    title: 'Invalid priority',
    status: 422,
    retry: false,
    what: 'The priority is outside its bounds.',
    todo: 'Use -1,000,000 to 1,000,000.',
  },
  'invalid-deadline': {
    title: 'Invalid deadline',
    status: 422,
    retry: false,
    what: 'A deadline is negative, or the hard deadline lies before the soft one.',
    todo: 'Correct the deadlines.',
  },
  'invalid-estimate': {
    title: 'Invalid estimate',
    status: 422,
    retry: false,
    what: 'The expected run time of a job is outside its bounds.',
    todo: 'Correct estimateMs, or leave it out.',
  },
  'invalid-slots': {
    title: 'Invalid number of slots',
    status: 422,
    retry: false,
    what: 'A number of slots or units is outside its bounds.',
    todo: 'Correct the number at the path.',
  },
  'invalid-retry': {
    title: 'Invalid retry policy',
    status: 422,
    retry: false,
    what: 'The retry policy has numbers outside their bounds, or a base delay above the longest.',
    todo: 'Correct the retry policy at the path.',
  },
  'invalid-timeout': {
    title: 'Invalid time-out',
    status: 422,
    retry: false,
    what: 'The time-out of a job is outside its bounds.',
    todo: 'Correct timeoutMs, or leave it out.',
  },
  'invalid-class': {
    title: 'Invalid executor class',
    status: 422,
    retry: false,
    what: 'An executor class or group is missing where one is needed, given where none may be, or not a valid name.',
    todo: 'Name the class for executor jobs, none for noop and signal jobs.',
  },
  'parent-not-supported': {
    title: 'DAGs started by jobs are not supported',
    status: 422,
    retry: false,
    what: 'The submission names a parent job; the schema has room for it, the fabric does not do it yet.',
    todo: 'Submit the DAG without a parent.',
  },
  'unsupported-binding': {
    title: 'Binding not supported',
    status: 422,
    retry: false,
    what: 'The binding is well-formed, but this fabric cannot resolve its kind.',
    todo: 'Use a value, a URI, or the output of an upstream job.',
  },
  'rates-not-supported': {
    title: 'Rates are not supported',
    status: 422,
    retry: false,
    what: 'The class limits name rates; the schema has room for them, the policy in force does not apply them.',
    todo: 'Set the limits without rates, or set a policy that applies them.',
  },
  'tenant-open-dags': {
    title: 'Tenant has too many open DAGs',
    status: 429,
    retry: true,
    what: 'The tenant has as many open DAGs as its limit allows.',
    todo: 'Submit again when some have ended, or raise the limit of the tenant.',
  },
  'cell-known-jobs': {
    title: 'Cell has too many jobs',
    status: 429,
    retry: true,
    what: 'The cell knows as many jobs of open DAGs as its limit allows.',
    todo: 'Submit again when some have ended, or raise the limit of the cell.',
  },
  'unknown-dag': {
    title: 'Unknown DAG',
    status: 404,
    retry: false,
    what: 'The tenant has no known DAG with this id; it may have been forgotten.',
    todo: 'Check the tenant and the id.',
  },
  'dag-terminal': {
    title: 'DAG has ended',
    status: 409,
    retry: false,
    what: 'The DAG has ended, or is ending, so this can no longer be done to it.',
    todo: 'Retry the DAG first, or submit a new one.',
  },
  'dag-not-terminal': {
    title: 'DAG has not ended',
    status: 409,
    retry: false,
    what: 'Only a DAG that has ended can be run again.',
    todo: 'Wait for its end, or cancel it.',
  },
  'dag-not-paused': {
    title: 'DAG is not paused',
    status: 409,
    retry: false,
    what: 'There is no pause to end.',
    todo: 'Nothing needs to be done.',
  },
  'already-paused': {
    title: 'DAG is already paused',
    status: 409,
    retry: false,
    what: 'The DAG is paused already.',
    todo: 'Nothing needs to be done.',
  },
  'job-terminal': {
    title: 'Job has ended',
    status: 409,
    retry: false,
    what: 'The job has ended, so this can no longer be done to it.',
    todo: 'Retry the job if its DAG has ended.',
  },
  'job-not-failed': {
    title: 'Job has not failed',
    status: 409,
    retry: false,
    what: 'Only a job that failed, was cancelled or was skipped can be run again.',
    todo: 'Name a job that did not succeed.',
  },
  'no-such-signal': {
    title: 'No such signal',
    status: 404,
    retry: false,
    what: 'The DAG has no signal job with this name.',
    todo: 'Check the name of the signal.',
  },
  'signal-already-resolved': {
    title: 'Signal already resolved',
    status: 409,
    retry: false,
    what: 'The signal has an answer already; a second one is never taken.',
    todo: 'Nothing needs to be done.',
  },
  'unknown-executor': {
    title: 'Unknown executor',
    status: 404,
    retry: false,
    what: 'The cell knows no executor with this id, or its session has ended.',
    todo: 'Register the executor, then repeat.',
  },
  'unknown-policy': {
    title: 'Unknown policy',
    status: 422,
    retry: false,
    what: 'The fabric has no planner policy with this name and version.',
    todo: 'Name one of the policies that the cell lists.',
  },
  'stale-token': {
    title: 'Lease is not in force',
    status: 409,
    retry: false,
    what: 'The callback names a lease that is not in force, so it does not count for its job.',
    todo: 'Stop the work on this attempt; nothing of it is needed any more.',
  },
  'stale-incarnation': {
    title: 'Executor was replaced',
    status: 409,
    retry: false,
    what: 'A newer incarnation of this executor has registered.',
    todo: 'Stop this process, or register again with a new incarnation.',
  },
  'already-accepted': {
    title: 'Already accepted',
    status: 200,
    retry: false,
    what: 'The same terminal callback was accepted before.',
    todo: 'Nothing needs to be done.',
  },
  'duplicate-input': {
    title: 'Already answered',
    status: 200,
    retry: false,
    what: 'An input with this id, or a submission with this idempotency key, was answered before; this is the first answer.',
    todo: 'Nothing needs to be done.',
  },
  'executor-busy': {
    title: 'Executor is busy',
    status: 409,
    retry: true,
    what: 'The executor still holds leases or slots that stand in the way.',
    todo: 'Drain it first, then repeat.',
  },
  'invalid-limit': {
    title: 'Invalid limit',
    status: 422,
    retry: false,
    what: 'A limit or weight is outside its bounds.',
    todo: 'Correct the number at the path.',
  },
  'invalid-clock': {
    title: 'Clock does not lie ahead',
    status: 409,
    retry: false,
    what: 'The clock that is to be followed does not lie ahead of journal time, or not where the wall clock is.',
    todo: 'Read the current clocks from the status, and repeat with those.',
  },
  'invalid-progress': {
    title: 'Invalid progress',
    status: 422,
    retry: false,
    what: 'Progress is outside 0 to 1000.',
    todo: 'Send permille as a whole number from 0 to 1000.',
  },
  undecodable: {
    title: 'Not an input of the catalogue',
    status: 422,
    retry: false,
    what: 'The bytes are no canonical encoding of an input that this catalogue knows.',
    todo: 'Encode the input as schemas/README.md says; the detail names the place.',
  },
  'not-found': {
    title: 'Not found',
    status: 404,
    retry: false,
    what: 'There is nothing at this address.',
    todo: 'Check the address against the API page.',
  },
  'method-not-allowed': {
    title: 'Method not allowed',
    status: 405,
    retry: false,
    what: 'The address does not take this method.',
    todo: 'Use a method that the Allow header names.',
  },
  'not-ready': {
    title: 'Not ready',
    status: 503,
    retry: true,
    what: 'No leader takes inputs at the moment.',
    todo: 'Repeat with the same inputId after the time that Retry-After names.',
  },
  'inbox-full': {
    title: 'Inbox full',
    status: 429,
    retry: true,
    what: 'More inputs arrive than are taken.',
    todo: 'Repeat with the same inputId after the time that Retry-After names.',
  },
  'too-many-streams': {
    title: 'Too many streams',
    status: 429,
    retry: true,
    what: 'As many streams are open as the gateway serves.',
    todo: 'Close one, or try again later.',
  },
  'blob-not-found': {
    title: 'Blob not found',
    status: 404,
    retry: false,
    what: 'There is no blob with this digest.',
    todo: 'Upload the blob first.',
  },
  'blob-digest-mismatch': {
    title: 'Blob digest mismatch',
    status: 422,
    retry: false,
    what: 'The bytes do not have the digest that the request names.',
    todo: 'Compute the SHA-256 of the bytes again and repeat.',
  },
  internal: {
    title: 'Internal error',
    status: 500,
    retry: true,
    what: 'The fabric failed at something that is not the fault of the request.',
    todo: 'Repeat with the same inputId; if it stays, report it with the request id.',
  },
  'unknown-version': {
    title: 'Unknown version',
    status: 500,
    retry: false,
    what: 'A record was written by a newer version, with a format or a number that this catalogue does not know.',
    todo: 'Read it with the version that wrote it, or a newer one.',
  },
  'digest-mismatch': {
    title: 'Input digest mismatch',
    status: 500,
    retry: false,
    what: 'The body of an input in the journal does not have the digest that its envelope names.',
    todo: 'Restore the journal from a copy; replay verify names the turn.',
  },
  'journal-damaged': {
    title: 'Journal is damaged',
    status: 500,
    retry: false,
    what: 'A record of the journal cannot be read or breaks the chain, and it is no torn tail.',
    todo: 'Restore the journal from a copy, or run marie journal repair.',
  },
  'journal-ahead': {
    title: 'Store is ahead of its journal',
    status: 500,
    retry: false,
    what: 'The store stands for a turn that the journal does not have, so the journal has lost records.',
    todo: 'Restore the journal, or run marie journal repair --accept-loss.',
  },
  'journal-locked': {
    title: 'Journal is in use',
    status: 500,
    retry: true,
    what: 'Another process has the journal open for writing.',
    todo: 'Stop the other process, or give this one a data directory of its own.',
  },
  'journal-foreign-cell': {
    title: 'Journal of another cell',
    status: 500,
    retry: false,
    what: 'The journal was written by a cell with another name.',
    todo: 'Start with the name of that cell, or another data directory.',
  },
  'store-corrupt': {
    title: 'Store is corrupt',
    status: 500,
    retry: false,
    what: 'A row of the store does not have its checksum or cannot be read.',
    todo: 'Delete the store; it is rebuilt from the journal.',
  },
  'disk-full': {
    title: 'Disk is full',
    status: 507,
    retry: true,
    what: 'There was no room to write.',
    todo: 'Make room, then start again; nothing that was acknowledged is lost.',
  },
  'append-failed': {
    title: 'Append failed',
    status: 500,
    retry: false,
    what: 'The journal could not be written or forced to the disk; the process ends, since a failed sync must not be repeated.',
    todo: 'Check the disk, then start again.',
  },
  'kafka-unavailable': {
    title: 'Kafka is out of reach',
    status: 503,
    retry: true,
    what: 'No broker answered in time, or the partition has no leader, or too few replicas are in sync.',
    todo: 'Check the brokers and the network between; the fabric goes on by itself when they are back.',
  },
  'kafka-denied': {
    title: 'Kafka denies access',
    status: 500,
    retry: false,
    what: 'The brokers refused the credentials or certificate, or the user lacks a right that the fabric needs.',
    todo: 'Correct the credentials or the rights that the message names, then start again.',
  },
  'kafka-topic-missing': {
    title: 'Topic is missing',
    status: 500,
    retry: false,
    what: 'A topic that the fabric needs does not exist on the brokers.',
    todo: 'Run marie kafka init with the same configuration.',
  },
  'kafka-unsafe': {
    title: 'Topic settings are unsafe',
    status: 500,
    retry: false,
    what: 'A topic has settings under which records of the journal could be lost, reordered or refused.',
    todo: 'Correct the setting that the message names; marie kafka init --dry-run lists all of them.',
  },
  'kafka-records-gone': {
    title: 'Records are gone from a topic',
    status: 500,
    retry: false,
    what: 'The brokers no longer have records that were there, although nobody archived them.',
    todo: 'Restore the topic, or start with another namespace; never delete records of the journal by hand.',
  },
  'turn-voided': {
    title: 'Turn is void',
    status: 503,
    retry: true,
    what: "Another leader's turn was accepted in the journal first; this process leads no longer.",
    todo: 'Repeat with the same inputId; another process leads now.',
  },
  usage: {
    title: 'Wrong command line',
    status: 0,
    retry: false,
    what: "The command line has a command, an argument or an option that there isn't, or leaves one out.",
    todo: 'Correct it; `--help` after any command tells what it takes.',
  },
  unreachable: {
    title: 'No fabric answers',
    status: 0,
    retry: true,
    what: 'No connection to the fabric could be made, or it broke before the answer was there.',
    todo: 'Start a fabric with `marie up`, or name the address of one with --url or MARIE_URL.',
  },
  'bad-answer': {
    title: "Not a fabric's answer",
    status: 0,
    retry: false,
    what: 'Something answered that is not a fabric, or one of another version.',
    todo: 'Check the address: --url or MARIE_URL.',
  },
  'blob-damaged': {
    title: 'Blob is damaged',
    status: 0,
    retry: true,
    what: 'The bytes of a blob do not have the digest that names them.',
    todo: "Fetch it again; if that doesn't help, put the bytes anew.",
  },
  'not-a-blob': {
    title: 'Not the name of a blob',
    status: 0,
    retry: false,
    what: 'The uri does not name a blob of the fabric.',
    todo: "Give a uri that the fabric's blob store answered with: blob:sha256: and 64 digits.",
  },
  aborted: {
    title: 'Given up',
    status: 0,
    retry: true,
    what: 'The caller ended the call before the answer was there.',
    todo: 'Call again.',
  },
  'not-taken': {
    title: 'Callback not taken',
    status: 0,
    retry: true,
    what: 'The fabric could not take callbacks just now.',
    todo: 'Send them again later; the SDK does by itself.',
  },
  'file-not-found': {
    title: 'No such file',
    status: 0,
    retry: false,
    what: 'There is no file or folder with this path.',
    todo: 'Check the path.',
  },
  'file-not-permitted': {
    title: 'File not permitted',
    status: 0,
    retry: false,
    what: 'The system does not let this user read or write the file.',
    todo: 'Check who may read and write it.',
  },
  'unreadable-file': {
    title: 'File can not be used',
    status: 0,
    retry: false,
    what: 'The file does not hold what the command needs.',
    todo: 'Correct the file: a submission is an object with a list of jobs, as JSON or YAML.',
  },
  'inputs-differ': {
    title: 'Inputs are not those of the DAG',
    status: 0,
    retry: false,
    what: 'The files that --input gives and the inputs that the DAG leaves open are not the same.',
    todo: 'Give --input NAME=PATH for each {"input": "NAME"} of the DAG, and for nothing else.',
  },
  'invalid-input': {
    title: 'Input is not name=path',
    status: 0,
    retry: false,
    what: 'An --input could not be cut into the name of an input and the path of a file.',
    todo: 'Write --input NAME=PATH.',
  },
  'invalid-sync': {
    title: 'No such sync policy',
    status: 0,
    retry: false,
    what: "The journal's sync policy is not one that there is.",
    todo: 'Give every-turn, off, or an interval such as 5ms.',
  },
  'unknown-type': {
    title: 'No such input or event',
    status: 0,
    retry: false,
    what: 'The catalogue has no input or event of this name.',
    todo: 'Name inputs and events as the catalogue does, such as SubmitDag or JobSucceeded.',
  },
  'no-journal': {
    title: 'No journal here',
    status: 0,
    retry: false,
    what: 'The place that was named holds no journal of files.',
    todo: 'Name a data directory, a journal folder, or one of its segment files.',
  },
  'plan-invalid': {
    title: 'Plan can not be used',
    status: 0,
    retry: false,
    what: 'A simulation plan has unknown or wrong fields, or DAGs that could not be submitted.',
    todo: 'Correct the places that are listed; docs/simulate.md describes every field.',
  },
  'invalid-wfformat': {
    title: 'No instance in WfFormat',
    status: 0,
    retry: false,
    what: 'The file is not of the form that WfCommons describes, or its graph can not become a DAG.',
    todo: 'Correct the places that are listed; schema versions 1.4 and 1.5 are read.',
  },
  'config-invalid': {
    title: 'Configuration can not be used',
    status: 0,
    retry: false,
    what: 'A setting of the configuration is unknown or has a wrong value.',
    todo: 'Correct the settings that are listed; `marie up --help` names them all.',
  },
  'clock-not-accepted': {
    title: 'Clock is far ahead of the journal',
    status: 0,
    retry: false,
    what: 'More than an hour has passed between the last turn and what the clock says now.',
    todo: 'If the clock is right, start once with --accept-clock.',
  },
  'port-in-use': {
    title: 'Port in use',
    status: 0,
    retry: true,
    what: 'Another program listens on this address and port.',
    todo: 'Choose another port with --port, or end what listens there.',
  },
  'store-locked': {
    title: 'Store is in use',
    status: 0,
    retry: true,
    what: 'Another process has the store of this data directory open.',
    todo: 'End the other process first, or use another data directory.',
  },
  'store-unavailable': {
    title: 'Store not available',
    status: 0,
    retry: true,
    what: 'The disk refused to read or write the store.',
    todo: 'Check the disk, and who may write to the data directory.',
  },
  'store-closed': {
    title: 'Store is closed',
    status: 0,
    retry: false,
    what: 'The store was closed, or a write to it failed, before this.',
    todo: 'Start the fabric again; an error before this one says what happened.',
  },
  'executors-ended': {
    title: 'Executors ended',
    status: 0,
    retry: false,
    what: 'The executors of the demo ended while the fabric needed them.',
    todo: 'Look into their log, which the message names.',
  },
  unexpected: {
    title: 'Unexpected error',
    status: 0,
    retry: false,
    what: 'The program met an error that it has no name for.',
    todo: 'Report it, with the command that was called and what it said.',
  },
  'invalid-time': {
    title: 'Not a time',
    status: 0,
    retry: false,
    what: 'A deadline could not be read as a time or as a span from now on.',
    todo: 'Give a time with its zone, such as 2026-12-24T18:00Z, a span such as +90s, +30m, +2h or +1d, or none.',
  },
};

/** Whether it is one of the stable codes. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}

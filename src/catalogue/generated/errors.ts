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
  | 'other-history'
  | 'other-reign'
  | 'already-accepted'
  | 'duplicate-input'
  | 'idempotency-key-reused'
  | 'executor-draining'
  | 'executor-busy'
  | 'invalid-limit'
  | 'invalid-clock'
  | 'invalid-progress'
  | 'undecodable'
  | 'not-found'
  | 'method-not-allowed'
  | 'malformed-request'
  | 'headers-too-large'
  | 'request-timeout'
  | 'fate-open'
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
  | 'journal-cut'
  | 'journal-locked'
  | 'journal-foreign-cell'
  | 'state-diverged'
  | 'store-corrupt'
  | 'disk-full'
  | 'disk-failed'
  | 'append-failed'
  | 'kafka-unavailable'
  | 'dev-kafka-failed'
  | 'kafka-denied'
  | 'kafka-topic-missing'
  | 'kafka-unsafe'
  | 'kafka-held-back'
  | 'kafka-refused'
  | 'registry-unavailable'
  | 'registry-refused'
  | 'kafka-records-gone'
  | 'kafka-topic-anew'
  | 'turn-voided'
  | 'usage'
  | 'unreachable'
  | 'bad-answer'
  | 'blob-damaged'
  | 'blob-not-json'
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
  | 'journal-on-kafka'
  | 'history-incomplete'
  | 'fold-failed'
  | 'invariant-broken'
  | 'decided-otherwise'
  | 'not-a-backup'
  | 'is-a-backup'
  | 'backup-damaged'
  | 'snapshot-damaged'
  | 'snapshot-unusable'
  | 'no-snapshot'
  | 'target-not-empty'
  | 'plan-invalid'
  | 'invalid-wfformat'
  | 'config-invalid'
  | 'clock-not-accepted'
  | 'port-in-use'
  | 'address-unusable'
  | 'store-locked'
  | 'store-unavailable'
  | 'node-not-supported'
  | 'store-closed'
  | 'executors-ended'
  | 'unexpected'
  | 'invalid-time'
  | 'condition-false'
  | 'upstream-failed'
  | 'dag-cancelled'
  | 'dag-failed'
  | 'cancelled'
  | 'hard-deadline'
  | 'executor-failed'
  | 'timed-out'
  | 'poison'
  | 'output-not-inline'
  | 'children-failed';

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
  /** Where it is met: a part of an input, an address, a command. */
  readonly where: string;
  /** Why the fabric says so, or how it comes about. */
  readonly why: string;
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
    where: 'The body of a request, a line of an NDJSON request, or a file that a command reads.',
    why: 'Half-read input would be guesswork, so the whole of it is refused. Truncated files, comments, trailing commas, bytes that are not UTF-8 and nesting deeper than the limit are the usual causes.',
    todo: 'Send valid UTF-8 JSON; the detail names the position.',
  },
  'unknown-field': {
    title: 'Unknown field',
    status: 422,
    retry: false,
    what: 'The input has a field that its schema does not know, so it would be lost.',
    where: 'The field that the path of the problem names.',
    why: 'A field that is passed over in silence is how a misspelt deadline gets lost; so what the schema does not know is refused.',
    todo: 'Remove the field, or correct its spelling.',
  },
  'missing-field': {
    title: 'Missing field',
    status: 422,
    retry: false,
    what: 'A field that the schema requires is absent.',
    where: 'The object that the path of the problem names.',
    why: 'The fabric invents no value where none would be right for everybody.',
    todo: 'Add the field that the path names.',
  },
  'invalid-value': {
    title: 'Invalid value',
    status: 422,
    retry: false,
    what: 'A value has the wrong type or is outside its bounds.',
    where: 'The value that the path of the problem names; `/querystring` and `/params` are parts of the address.',
    why: 'Every value has a type and bounds that the API page lists, so that it fits the rows of the fabric and the integers of every reader.',
    todo: 'Correct the value that the path names.',
  },
  'payload-too-large': {
    title: 'Payload too large',
    status: 413,
    retry: false,
    what: 'The request is larger than the limit for its kind.',
    where: 'The body of a request, one line of it, or an output or input inside it; on Kafka also a topic of inputs that takes only smaller records.',
    why: 'Every turn of the journal has a bounded size; what is larger travels as a blob that is named by its digest.',
    todo: 'Send less at once; put large outputs into a blob and name it.',
  },
  'unsupported-media-type': {
    title: 'Unsupported media type',
    status: 415,
    retry: false,
    what: 'The content type of the request is not one that this address takes, or its body is encoded, as by gzip.',
    where: 'The headers `content-type` and `content-encoding` of a request.',
    why: 'Bytes are read only as what they are said to be.',
    todo: 'Send application/json, or what the API page names for the address, without a content-encoding.',
  },
  'duplicate-dag-id': {
    title: 'DAG id already used',
    status: 409,
    retry: false,
    what: 'The tenant has a known DAG with this id, submitted with another idempotency key.',
    where: '`id` of a submission.',
    why: 'Two DAGs of one tenant under the same id could not be told apart by who asks for them.',
    todo: 'Choose another id, or repeat the submission with its own idempotency key.',
  },
  'duplicate-job-id': {
    title: 'Job id used twice',
    status: 422,
    retry: false,
    what: 'Two jobs of the submission have the same id.',
    where: '`id` of the second job, which the path of the problem names.',
    why: 'Dependencies name jobs by their ids, so an id must mean one job.',
    todo: 'Give each job an id that is unique in its DAG.',
  },
  'unknown-job': {
    title: 'Unknown job',
    status: 422,
    retry: false,
    what: 'A job is named that the DAG does not have.',
    where: '`after`, a binding or a condition of a submission, the address of a control, or `--output` of `marie submit`.',
    why: 'A dependency on nothing would never be met, a control on nothing would do nothing, and an output of nothing would never come.',
    todo: 'Name a job of the same DAG; a child of a fan-out is named with [index].',
  },
  cycle: {
    title: 'Dependency cycle',
    status: 422,
    retry: false,
    what: 'Jobs depend on each other in a circle; the detail spells one circle out.',
    where: '`after` of the jobs of a submission.',
    why: 'No job of a circle could ever be the first to run, so the DAG would never end.',
    todo: 'Remove one of the dependencies of the circle.',
  },
  'self-loop': {
    title: 'Job depends on itself',
    status: 422,
    retry: false,
    what: 'A job names itself among the jobs that it depends on.',
    where: '`after` of the job that the path of the problem names.',
    why: 'The job would wait for its own end.',
    todo: 'Remove the dependency.',
  },
  'empty-dag': {
    title: 'DAG without jobs',
    status: 422,
    retry: false,
    what: 'The submission has no jobs.',
    where: '`jobs` of a submission.',
    why: 'A DAG ends with its last job; one without jobs would have no end to report.',
    todo: 'Submit at least one job.',
  },
  'too-many-jobs': {
    title: 'Too many jobs',
    status: 422,
    retry: false,
    what: 'The submission has more jobs than one submission may have.',
    where: '`jobs` of a submission.',
    why: 'A submission is decided in one turn, whose size is bounded.',
    todo: 'Use a fan-out, or submit several DAGs.',
  },
  'dag-too-large': {
    title: 'DAG too large',
    status: 422,
    retry: false,
    what: 'A fan-out would make the DAG larger than a DAG may be; its job fails.',
    where: 'A job with a `fanOut`, when it is activated; `code` of the job.',
    why: 'The jobs of a DAG are numbered in 17 bits, and its sums must stay exact in 64.',
    todo: 'Fan out over fewer items, or give each child more of them.',
  },
  'invalid-join': {
    title: 'Invalid join',
    status: 422,
    retry: false,
    what: 'The join asks for more upstream jobs than there are, or is negative.',
    where: '`join` of the job that the path of the problem names.',
    why: 'A join that needs more ends than there can be would wait for ever.',
    todo: 'Use `all`, `any`, or a number from 1 to that of the upstream jobs; on a topic 0 means all.',
  },
  'invalid-when': {
    title: 'Invalid condition',
    status: 422,
    retry: false,
    what: 'The condition of a job is not well-formed, or names a job that is not upstream of it.',
    where: '`when` of a job: in a submission, or when the job is activated and the output that the condition reads is there.',
    why: 'A condition that can be read in two ways, or that reads what may not be there yet, would make the run a matter of luck.',
    todo: 'Correct the condition at the path.',
  },
  'invalid-pointer': {
    title: 'Invalid JSON pointer',
    status: 422,
    retry: false,
    what: 'A JSON pointer is not well-formed.',
    where: '`at` of a binding, a condition or a fan-out.',
    why: 'A pointer that is not well-formed names no place.',
    todo: 'Write it as RFC 6901 says: empty, or starting with a slash.',
  },
  'invalid-fan-out': {
    title: 'Invalid fan-out',
    status: 422,
    retry: false,
    what: 'A fan-out says not exactly one of how many and over what, or what it names is no list and no number within bounds.',
    where: '`fanOut` of a job: in a submission, or when the output that gives its number of children is there. An output that is in a blob has a code of its own, `output-not-inline`.',
    why: 'The number of children must be one definite number within bounds before the first of them is made.',
    todo: 'Give either a count or an upstream job and pointer; `marie output` shows what the job has given, and whether a list or a number is at that place.',
  },
  'invalid-binding': {
    title: 'Invalid input binding',
    status: 422,
    retry: false,
    what: 'An input of a job has not exactly one source, or one that is not upstream of the job.',
    where: '`inputs` of the job that the path of the problem names.',
    why: 'Bindings are resolved at dispatch, from outputs that must be there by then.',
    todo: 'Give each input one of value, uri and from; what from names belongs into the after of the job.',
  },
  'invalid-priority': {
    title: 'Invalid priority',
    status: 422,
    retry: false,
    what: 'The priority is outside its bounds.',
    where: '`priority` of a submission, or of `reprioritize`.',
    why: 'The planner compares priorities as integers in a key of fixed size.',
    todo: 'Use -1,000,000 to 1,000,000.',
  },
  'invalid-deadline': {
    title: 'Invalid deadline',
    status: 422,
    retry: false,
    what: 'A deadline is no moment between 1970 and the year 2248, in ms since 1970.',
    where: '`deadlineAtMs` and `hardDeadlineAtMs` of a submission, or of `set-deadline`.',
    why: 'The planner compares deadlines as integers in a key of fixed size.',
    todo: 'Correct the deadlines.',
  },
  'invalid-estimate': {
    title: 'Invalid estimate',
    status: 422,
    retry: false,
    what: 'The expected run time of a job is outside its bounds.',
    where: '`estimateMs` of the job that the path of the problem names.',
    why: 'Sums of estimates over a DAG must stay exact integers.',
    todo: 'Correct estimateMs, or leave it out.',
  },
  'invalid-slots': {
    title: 'Invalid number of slots',
    status: 422,
    retry: false,
    what: 'A number of slots or units is outside its bounds.',
    where: '`slots` or `units` of a job, or `slots` of a registration.',
    why: 'Slots are counted, and a job that asks for more than any executor may have would never run.',
    todo: 'Correct the number at the path.',
  },
  'invalid-retry': {
    title: 'Invalid retry policy',
    status: 422,
    retry: false,
    what: 'The retry policy has numbers outside their bounds, or a base delay above the longest, or its job is one that no executor runs.',
    where: '`retry` of the job that the path of the problem names.',
    why: 'Delays are computed with integers, from a base that doubles up to the longest. A `noop` or `signal` job has no attempts, so its policy would be passed over in silence.',
    todo: 'Correct the retry policy at the path, or leave it out.',
  },
  'invalid-timeout': {
    title: 'Invalid time-out',
    status: 422,
    retry: false,
    what: 'The time-out of a job is outside its bounds, or the job is one that no executor runs.',
    where: '`timeoutMs` of the job that the path of the problem names.',
    why: 'A time-out is a timer of the journal, whose range is bounded. It is that of an attempt, and a `noop` or `signal` job has none: a DAG that waits for an answer is bounded by its `hardDeadlineAtMs`.',
    todo: 'Correct timeoutMs, or leave it out.',
  },
  'invalid-class': {
    title: 'Invalid executor class',
    status: 422,
    retry: false,
    what: 'An executor class or group is missing where one is needed, given where none may be, or not a valid name.',
    where: '`executorClass` or `group` of a job, a registration or a limit.',
    why: 'A job with a class that makes no sense for its kind would wait for an executor that never comes, or hold a slot for nothing.',
    todo: 'Name the class for executor jobs, none for noop and signal jobs.',
  },
  'parent-not-supported': {
    title: 'DAGs started by jobs are not supported',
    status: 422,
    retry: false,
    what: 'The submission names a parent job; the schema has room for it, the fabric does not do it yet.',
    where: '`parent` of a submission.',
    why: 'Taking it and not keeping its promise (inherited deadline, common cancelling) would be worse than refusing it.',
    todo: 'Submit the DAG without a parent.',
  },
  'tenant-open-dags': {
    title: 'Tenant has too many open DAGs',
    status: 429,
    retry: true,
    what: 'The tenant has as many open DAGs as its limit allows.',
    where: 'A submission; the limit stands at `/v1/tenants/{tenant}`.',
    why: 'A tenant that submits without end would fill the cell for all the others.',
    todo: 'Submit again when some have ended, or raise the limit of the tenant.',
  },
  'cell-known-jobs': {
    title: 'Cell has too many jobs',
    status: 429,
    retry: true,
    what: 'The cell knows as many jobs of open DAGs as its limit allows.',
    where: 'A submission; the limit stands at `/v1/cell/limits`.',
    why: 'Every job of an open DAG takes memory; the limit keeps the cell within what it was given.',
    todo: 'Submit again when some have ended, or raise the limit of the cell.',
  },
  'unknown-dag': {
    title: 'Unknown DAG',
    status: 404,
    retry: false,
    what: 'The tenant has no known DAG with this id; it may have been forgotten.',
    where: 'The address of a read or a control, and its `tenant`.',
    why: 'Ids belong to a tenant, and an ended DAG is forgotten after its time of retention.',
    todo: 'Check the tenant and the id; `marie find` and the beginning of an id tell what there is, of any tenant.',
  },
  'dag-terminal': {
    title: 'DAG has ended',
    status: 409,
    retry: false,
    what: 'The DAG has ended, or is ending, so this can no longer be done to it.',
    where: 'A control of a DAG.',
    why: 'An end is reported once and stays as it was reported.',
    todo: 'Retry the DAG first, or submit a new one.',
  },
  'dag-not-terminal': {
    title: 'DAG has not ended',
    status: 409,
    retry: false,
    what: 'Only a DAG that has ended can be run again.',
    where: '`retry` of a DAG or of a job.',
    why: 'A run begins after the one before it has ended, else two would change the same jobs.',
    todo: 'Wait for its end, or cancel it.',
  },
  'dag-not-paused': {
    title: 'DAG is not paused',
    status: 409,
    retry: false,
    what: 'There is no pause to end.',
    where: '`resume` of a DAG.',
    why: 'It says that the sender and the fabric see different things; nothing was changed.',
    todo: 'Nothing needs to be done.',
  },
  'already-paused': {
    title: 'DAG is already paused',
    status: 409,
    retry: false,
    what: 'The DAG is paused already.',
    where: '`pause` of a DAG.',
    why: 'It says that the sender and the fabric see different things; nothing was changed.',
    todo: 'Nothing needs to be done.',
  },
  'job-terminal': {
    title: 'Job has ended',
    status: 409,
    retry: false,
    what: 'The job has ended, so this can no longer be done to it.',
    where: 'A control of a job; an answer to a signal whose job was skipped or cancelled without one.',
    why: 'A job has one end, and it stays as it was reported.',
    todo: 'Retry the job if its DAG has ended.',
  },
  'job-not-failed': {
    title: 'Job has not failed',
    status: 409,
    retry: false,
    what: 'Nothing of a DAG that succeeded is run again, and no child of a fan-out that succeeded alone.',
    where: '`retry` of a DAG or of a job.',
    why: 'The outputs of what succeeded may be in use already.',
    todo: 'Name what did not succeed. To do again what did, submit it as another DAG.',
  },
  'no-such-signal': {
    title: 'No such signal',
    status: 404,
    retry: false,
    what: 'The DAG has no signal job with this name.',
    where: 'The address of an answer, `/v1/dags/{dag}/signals/{name}`.',
    why: 'An answer that no job waits for would be lost without a word.',
    todo: 'Check the name of the signal, which need not be the id of its job: `marie explain` with the DAG says which one each waits for.',
  },
  'signal-already-resolved': {
    title: 'Signal already resolved',
    status: 409,
    retry: false,
    what: 'The signal has an answer already; a second one is never taken.',
    where: 'The address of an answer, `/v1/dags/{dag}/signals/{name}`.',
    why: 'Jobs may have begun with the first answer; a second would change the past.',
    todo: 'Nothing needs to be done.',
  },
  'unknown-executor': {
    title: 'Unknown executor',
    status: 404,
    retry: false,
    what: 'The cell knows no executor with this id, or its session has ended.',
    where: 'A callback, a heartbeat, a dispatch stream, or a control of an executor.',
    why: 'Only who is registered holds slots. A session ends when nothing is heard for its length.',
    todo: 'Check the id: `marie executors` lists who is there. An executor registers, then repeats.',
  },
  'unknown-policy': {
    title: 'Unknown policy',
    status: 422,
    retry: false,
    what: 'The fabric has no planner policy with this name and version.',
    where: '`policy` of `PUT /v1/policy` or of a configuration.',
    why: 'A journal names the policy of every turn, so that a replay decides by the same one.',
    todo: 'Name one of the policies that the cell lists.',
  },
  'stale-token': {
    title: 'Lease is not in force',
    status: 409,
    retry: false,
    what: 'The callback names a lease that is not in force, so it does not count for its job.',
    where: 'A callback or an acknowledgement of an executor.',
    why: 'Every attempt has a token of its own. It was taken out of force by an end, a time-out, a cancel or a lost session; or it was never given out.',
    todo: 'Stop the work on this attempt; nothing of it is needed any more.',
  },
  'stale-incarnation': {
    title: 'Executor was replaced',
    status: 409,
    retry: false,
    what: 'A newer incarnation of this executor has registered; to a heartbeat, a drain or a departure also: the session is over.',
    where: 'A heartbeat, a dispatch stream, a drain or a departure of an executor.',
    why: 'One executor id is one process: of two that both use it the newer one counts, else both would get the same work.',
    todo: "Where the stream of dispatches says so, end this process: another one has its id. It must not register again, or the two take the id, and each other's work, from one another for ever; give each an id of its own. Where a heartbeat says so, open that stream: it tells which of the two it is.",
  },
  'other-history': {
    title: 'Another history',
    status: 409,
    retry: false,
    what: "The request names a history that is not this fabric's: its journal began anew since, or was put back to an older copy.",
    where: 'The registration or the callbacks of an executor that was there before the journal; the Last-Event-ID of a reader that was.',
    why: 'Tokens and turns are numbered from 1 in every history, so one of another history would be taken for one of this.',
    todo: 'An executor stops the work of the other history, forgets its tokens, and registers again without a history. A reader begins anew: without Last-Event-ID, or with `main:1:-1`, which is before the first event of a cell `main`; where turns are archived there is no such event any more, and that is `not-found`. If the journal should not be a new one, look at the data folder that `marie up` was given.',
  },
  'other-reign': {
    title: 'Another reign',
    status: 409,
    retry: false,
    what: "The request names a reign that is over: another process makes the fabric's turns now.",
    where: 'The callbacks or the dispatch stream of an executor that was registered before the fabric was started again.',
    why: 'The fabric may have lost turns, and a token of one of them would be taken for another lease. Only a registration tells.',
    todo: 'Register again, with what is held; compare the reign in the answer with the turns that you know, and send the callbacks again.',
  },
  'already-accepted': {
    title: 'Already accepted',
    status: 200,
    retry: false,
    what: 'The same terminal callback was accepted before.',
    where: 'A callback that says the same as the one that was accepted.',
    why: 'Who got no answer sends again, and must be told that the first one counted.',
    todo: 'Nothing needs to be done.',
  },
  'duplicate-input': {
    title: 'Already answered',
    status: 200,
    retry: false,
    what: 'An input with this id, or a submission with this idempotency key, was answered before; this is the first answer.',
    where: 'A request with an `Idempotency-Key`, or an input with an `input-id`, that was used before.',
    why: 'Who got no answer sends again; doing it a second time would be wrong.',
    todo: 'Nothing needs to be done.',
  },
  'idempotency-key-reused': {
    title: 'Key used for something else',
    status: 409,
    retry: false,
    what: 'The Idempotency-Key of a control was the key of another control within the last ten minutes; this one was not carried out.',
    where: 'The header `idempotency-key` of a control.',
    why: 'A key stands for one thing that is done once. Answering with the first answer would say that this was done.',
    todo: 'Send it with a key of its own, and repeat only the same request with the same key.',
  },
  'executor-draining': {
    title: 'Executor is draining',
    status: 409,
    retry: false,
    what: 'The executor drains: it gives back whatever it is sent, and leaves when what runs on it has ended.',
    where: '`/v1/executors/{executor}/uncordon`.',
    why: "Draining is the executor's own doing and can't be called off from outside: work sent to it would come straight back, again and again.",
    todo: 'Let it leave. It has work again as soon as its process is started again, or registers in a new session; to stop work for a while, cordon.',
  },
  'executor-busy': {
    title: 'Executor is busy',
    status: 409,
    retry: true,
    what: "Slots of the executor's other class are still in use; a process changes its class only when none is.",
    where: 'The registration of an executor that names another class than before.',
    why: 'Slots are free only when the work on them has stopped, and until then they are slots of the class that it has.',
    todo: 'Register again after a moment. List no work of the other class; a new process that lists none ends what the one before it left.',
  },
  'invalid-limit': {
    title: 'Invalid limit',
    status: 422,
    retry: false,
    what: 'A limit or weight is outside its bounds.',
    where: 'The limits of a class, a tenant or the cell.',
    why: 'Limits are integers that the planner counts with.',
    todo: 'Correct the number at the path.',
  },
  'invalid-clock': {
    title: 'Clock is too far ahead',
    status: 409,
    retry: false,
    what: 'The clock that is to be followed is before 1970, or more than a year ahead of journal time.',
    where: '`PUT /v1/cell/clock`.',
    why: 'Journal time never goes back: one that is wrong would stay so.',
    todo: 'Name what the wall clock of the fabric shows; `marie cell accept-clock` asks for it by itself.',
  },
  'invalid-progress': {
    title: 'Invalid progress',
    status: 422,
    retry: false,
    what: 'Progress is outside 0 to 1000.',
    where: '`permille` of a report of progress.',
    why: 'Progress is a share of the whole.',
    todo: 'Send permille as a whole number from 0 to 1000.',
  },
  undecodable: {
    title: 'Not an input of the catalogue',
    status: 422,
    retry: false,
    what: 'The bytes are no canonical encoding of an input that this catalogue knows.',
    where: 'An input from a topic, a record of the journal, or the file of an export.',
    why: 'What can not be read can not be carried out; it is recorded with its digest and its first bytes, so that nothing is lost without a trace.',
    todo: 'Encode the input as schemas/README.md says; the detail names the place.',
  },
  'not-found': {
    title: 'Not found',
    status: 404,
    retry: false,
    what: "What was named isn't there.",
    where: 'The address of a request, or a command line that names something of a history.',
    why: "The thing of this name isn't there, or there is no route of this name.",
    todo: 'Check the names; the message says what is not there.',
  },
  'method-not-allowed': {
    title: 'Method not allowed',
    status: 405,
    retry: false,
    what: 'The address does not take this method.',
    where: 'The method of a request.',
    why: 'The address is right, the verb is not.',
    todo: 'Use a method that the Allow header names.',
  },
  'malformed-request': {
    title: 'The request is not well-formed',
    status: 400,
    retry: false,
    what: 'The bytes that arrived are no HTTP request, or its address can not be decoded.',
    where: 'The request line, the address or the headers.',
    why: 'What can not be taken apart for certain is not carried out, and the connection ends, since nothing after it can be trusted.',
    todo: 'Send HTTP/1.1, and escape each part of the address as a URL component.',
  },
  'headers-too-large': {
    title: 'Address and headers too large',
    status: 431,
    retry: false,
    what: 'Address and headers together are larger than the server reads.',
    where: 'The address with its query, and the headers.',
    why: 'They are kept in memory for each connection before anything is known of the sender.',
    todo: 'Shorten the query, such as the labels of a listing, or send fewer headers.',
  },
  'request-timeout': {
    title: 'The request came too slowly',
    status: 408,
    retry: true,
    what: 'The headers or the body of the request were not there in time.',
    where: 'The connection.',
    why: 'A connection that is held open without sending takes a place from others.',
    todo: 'Send the same request again, with the same Idempotency-Key, in one go.',
  },
  'fate-open': {
    title: 'Fate open',
    status: 503,
    retry: true,
    what: 'The input is on its way, and nobody here can say any more whether a turn takes it.',
    where: 'A submission, a control or a callback.',
    why: 'The process ended, or no leader took the input, before the turn with its answer was there.',
    todo: 'Repeat the same request with the same Idempotency-Key, to whichever process answers: what was taken already is told as that. A submission that had neither a key nor an id may be there already, and would be there twice.',
  },
  'not-ready': {
    title: 'Not ready',
    status: 503,
    retry: true,
    what: 'No leader takes inputs at the moment.',
    where: 'Any request that needs the leader; `/readyz` says the reason.',
    why: 'The process starts, ends or has failed, or its brokers have been out of reach, or its disk has taken nothing, for 5 seconds. What is not durable is never answered as done.',
    todo: 'Repeat the same request, with the same Idempotency-Key, after the time that Retry-After names.',
  },
  'inbox-full': {
    title: 'Inbox full',
    status: 429,
    retry: true,
    what: 'More inputs arrive than are taken.',
    where: 'A submission, a control or a callback.',
    why: 'The inbox is bounded, so that a burst costs its senders a wait and not the cell its memory.',
    todo: 'Repeat the same request, with the same Idempotency-Key, after the time that Retry-After names.',
  },
  'too-many-streams': {
    title: 'Too many streams',
    status: 429,
    retry: true,
    what: 'As many streams are open as the gateway serves.',
    where: '`/v1/executors/{executor}/dispatches` and `/v1/lifecycle`.',
    why: "Every open stream costs memory for what its reader hasn't taken yet.",
    todo: 'Close one, or try again later.',
  },
  'blob-not-found': {
    title: 'Blob not found',
    status: 404,
    retry: false,
    what: 'There is no blob with this digest.',
    where: '`/v1/blobs/{sha256}`; `marie backup`, where turns speak of blobs and their folder has none.',
    why: 'Blobs are named by their digest; these bytes were never put here, or in another cell.',
    todo: 'Upload the blob first. A backup is told where the blobs are with --blobs.',
  },
  'blob-digest-mismatch': {
    title: 'Blob digest mismatch',
    status: 422,
    retry: false,
    what: 'The bytes do not have the digest that the request names.',
    where: '`PUT /v1/blobs` with the header `Marie-Sha256`.',
    why: 'The name of a blob is the promise of what it holds; the bytes were changed on their way, or the digest is that of something else.',
    todo: 'Compute the SHA-256 of the bytes again and repeat.',
  },
  internal: {
    title: 'Internal error',
    status: 500,
    retry: true,
    what: 'The fabric failed at something that is not the fault of the request.',
    where: 'The answer to a request.',
    why: "It is the fabric's own fault; its log has the error with its place.",
    todo: 'Repeat the same request with the same Idempotency-Key; if it stays, report it with the request id.',
  },
  'unknown-version': {
    title: 'Unknown version',
    status: 500,
    retry: false,
    what: 'A record was written by another version, with a format, a number or fields that this catalogue does not know.',
    where: 'A journal, an export, a store or an input of a topic.',
    why: 'What was released keeps its meaning for ever; what is newer, or never was released, can not be guessed.',
    todo: "Read it with the version that wrote it, or a newer one. What no version wrote, in the journal's topic, is got rid of as a damaged record is: docs/how-to/recover-from-failures.md.",
  },
  'digest-mismatch': {
    title: 'Input digest mismatch',
    status: 500,
    retry: false,
    what: 'The body of an input in the journal does not have the digest that its envelope names.',
    where: 'A record of the journal, when it is read.',
    why: 'A body and its digest are written together; one of them was changed afterwards.',
    todo: 'Restore the journal from a copy; replay verify names the turn.',
  },
  'journal-damaged': {
    title: 'Journal is damaged',
    status: 500,
    retry: false,
    what: 'A record of the journal cannot be read or breaks the chain, and it is no torn tail.',
    where: 'The segment and byte, or the topic and offset, and the turn that the message names.',
    why: 'The records are chained by their hashes. A torn end after a power loss is repaired by itself; this is no such end, so records that were acknowledged may be gone.',
    todo: 'Files: restore the journal from a copy, or run marie journal repair. A topic is not repaired in place: take the turns before the damage out with marie export, make the topic anew, and write them back with marie journal import, as docs/how-to/recover-from-failures.md goes through it.',
  },
  'journal-ahead': {
    title: 'Store is ahead of its journal',
    status: 500,
    retry: false,
    what: 'The store stands for a turn that the journal does not have, or a process that runs has read one, so the journal has lost records.',
    where: 'The journal and the store of a data directory, at the start; a journal on Kafka that is put back while processes run, too.',
    why: "The store is written after the journal, so it can only be ahead if the journal lost records: an older copy, a topic that was made anew, a broker that was let lead without all of its partition's records (an unclean election), or a disk that lied about a sync.",
    todo: 'Restore the journal. To give up what it has lost: for files, run marie journal repair --accept-loss; on Kafka, end the executors, and move the folder store of each data directory away: it is made anew of the turns that are there.',
  },
  'journal-cut': {
    title: "The journal's beginning is gone",
    status: 0,
    retry: false,
    what: 'The journal begins with a later turn than the first, and no snapshot stands for a turn from there on.',
    where: 'The start of a fabric whose store needs none of the turns that are gone.',
    why: 'Only `marie journal archive` takes turns away, and it leaves a snapshot of the first turn that stays. Whatever else did it, retention or records deleted by hand, has left the store of this process as the only one that has what came before.',
    todo: 'If the turns are archived, name the folder of the snapshots (snapshots.folder). If not, find out who deletes records of the journal. To go on from the store alone, start once with --accept-cut, with snapshots switched on.',
  },
  'journal-locked': {
    title: 'Journal is in use',
    status: 500,
    retry: true,
    what: 'Another process has the journal open for writing.',
    where: 'The journal folder of a data directory.',
    why: 'Two writers would break the chain of the journal.',
    todo: 'Stop the other process, or give this one a data directory of its own.',
  },
  'journal-foreign-cell': {
    title: 'Journal of another cell',
    status: 500,
    retry: false,
    what: 'The journal was written by a cell with another name.',
    where: 'The journal of a data directory or a topic, at the start; or the journal that `marie journal import` was to write.',
    why: "A history belongs to one cell; ids in it begin with the cell's name.",
    todo: 'Start with the name of that cell, or another data directory; import a journal into the cell whose it is.',
  },
  'state-diverged': {
    title: 'The fold gives another state',
    status: 500,
    retry: false,
    what: 'Folding a turn of the journal gives another state hash than the turn names.',
    where: 'The turn that the message names, at the start of a fabric or in an audit.',
    why: 'The rows of the store were changed, or this version of the program folds an event in another way than the one that wrote it.',
    todo: 'If another version wrote the journal, go on with that one: nothing was changed in the journal. Otherwise delete the store and start again; if the same turn still differs, run `marie replay verify` and report it.',
  },
  'store-corrupt': {
    title: 'Store is corrupt',
    status: 500,
    retry: false,
    what: 'A row of the store does not have its checksum or cannot be read.',
    where: 'The store of a data directory.',
    why: 'A disk or another program changed its files. No fact is lost: the store only saves folding the journal again.',
    todo: 'Delete the store; it is rebuilt from the journal.',
  },
  'disk-full': {
    title: 'Disk is full',
    status: 507,
    retry: true,
    what: 'There was no room to write.',
    where: 'The file system of the data directory or of the blobs, or what the output of a command goes to.',
    why: 'Nothing is acknowledged that is not written, so without room for journal or store the fabric ends, and so does a command whose output has no room. Without room for a blob only that blob is refused.',
    todo: 'Make room, also in a quota that is used up, then start again, or put the blob again; nothing that was acknowledged is lost.',
  },
  'disk-failed': {
    title: 'Disk has failed',
    status: 0,
    retry: false,
    what: 'The disk could not read or write a file.',
    where: 'The file that the message names.',
    why: 'The system says EIO: the disk, or what leads to it, fails. Nothing is taken in place of what can not be read.',
    todo: 'Copy the folder to another disk with a tool that goes past what can not be read, such as ddrescue; `marie journal repair` says what is left of a journal there, and a backup may have the rest.',
  },
  'append-failed': {
    title: 'Append failed',
    status: 500,
    retry: false,
    what: 'The journal could not be written or forced to the disk; the process ends, since a failed sync must not be repeated.',
    where: 'The journal of a data directory.',
    why: 'After a failed sync nobody knows what is on the disk; only a new start, which reads it again, does.',
    todo: 'The message has what the system said: of EACCES, EPERM or EROFS check who may write there, of EMFILE or ENFILE let more files be open (`ulimit -n`), of anything else check the disk. Then start again.',
  },
  'kafka-unavailable': {
    title: 'Kafka is out of reach',
    status: 503,
    retry: true,
    what: 'No broker answered in time, or the partition has no leader, or too few replicas are in sync.',
    where: 'A connection to the brokers.',
    why: 'The fabric acknowledges nothing that the brokers have not taken.',
    todo: 'Check the brokers and the network between; the fabric goes on by itself when they are back.',
  },
  'dev-kafka-failed': {
    title: 'No broker could be started',
    status: 0,
    retry: false,
    what: '`marie up --dev-kafka` could not fetch, prepare or start a Kafka broker.',
    where: 'This machine: Java, Maven, the folder `kafka` of the data directory, or a port.',
    why: 'The broker is a program of its own, which Java runs and Maven fetches once.',
    todo: 'Install Java 17 or newer and Maven, give another port with --dev-kafka, or name brokers with --kafka.',
  },
  'kafka-denied': {
    title: 'Kafka denies access',
    status: 500,
    retry: false,
    what: 'The brokers refused the credentials or certificate, or the user lacks a right that the fabric needs.',
    where: 'A connection to the brokers, or a call on a topic.',
    why: "Rights don't come by waiting, so it is not tried again.",
    todo: 'Correct the credentials or the rights that the message names, then start again.',
  },
  'kafka-topic-missing': {
    title: 'Topic is missing',
    status: 500,
    retry: false,
    what: 'A topic that the fabric needs does not exist on the brokers.',
    where: 'The topics of the namespace on the brokers.',
    why: 'Topics are never made by accident: their settings decide whether records can be lost.',
    todo: 'Run marie kafka init with the same configuration.',
  },
  'kafka-unsafe': {
    title: 'Topics cannot be used as they are',
    status: 500,
    retry: false,
    what: 'A topic has settings, or too few partitions, with which records could be lost, reordered or refused, or a record that cannot be read.',
    where: 'The settings of a topic on the brokers. marie up looks at those of the journal but for how many copies there are, such as a max.message.bytes that a large turn would not fit into, and at the cleanup.policy of inputs; marie kafka init at all of them. A journal or a topic of events that is set to take smaller records while processes run ends the one that leads when a record is too large for it.',
    why: 'The promises of the journal hold only with these settings.',
    todo: 'Correct the setting that the message names: kafka-configs.sh --bootstrap-server host:port --alter --topic name --add-config setting=value; marie kafka init --dry-run lists all of them.',
  },
  'kafka-held-back': {
    title: 'Open transactions hold back records',
    status: 503,
    retry: true,
    what: 'Transactions of other programs have been open on a topic of inputs for more than a minute: the brokers hold back what comes after the first of them, and of callbacks the end was not reached meanwhile.',
    where: 'The log of the process that leads, as what it waits for: the partition, and the position from which on it is held back.',
    why: 'Nobody can know yet whether those records count. Until the callbacks were read to their end no session ends and no slot is taken back, as the heartbeat that says otherwise may be among them.',
    todo: 'Find the producer: kafka-transactions.sh --bootstrap-server host:port find-hanging, and describe-producers for the partition. End it, or abort its transaction; a producer that is gone has it aborted after its transaction.timeout.ms. Callbacks are best produced without transactions, or in short ones that do not overlap for long.',
  },
  'kafka-refused': {
    title: 'Kafka refuses topics',
    status: 500,
    retry: false,
    what: "The brokers refuse to make or grow topics as they were asked to: more copies than there are brokers, a name, a setting or a number of partitions that they don't take, or a policy of theirs.",
    where: 'The making of topics, by marie kafka init or whatever else makes them.',
    why: 'The same request is refused again, so it is not tried again.',
    todo: "Change what the message names, topic by topic: --replicas and --partitions, or the brokers' own settings and policies.",
  },
  'registry-unavailable': {
    title: 'Schema registry is out of reach',
    status: 503,
    retry: true,
    what: 'The schema registry did not answer, and this data folder does not know the numbers of the schemas yet.',
    where: 'The start of a process, and marie kafka init.',
    why: 'Without the numbers of the schemas nobody could read what the fabric writes to topics.',
    todo: 'Look whether the registry runs at the address that the configuration names; try again.',
  },
  'registry-refused': {
    title: 'Schema registry refuses',
    status: 500,
    retry: false,
    what: 'The schema registry does not have a schema of the fabric, does not take it, or does not let it in.',
    where: 'The start of a process, and marie kafka init.',
    why: 'A subject takes only a schema that can read all that was written under it.',
    todo: 'If it is the user that is refused (401, 403), look at username and password of kafka.registry. Else run marie kafka init with the same registry; if it is refused there, the subject holds a schema of somebody else.',
  },
  'kafka-records-gone': {
    title: 'Records are gone from a topic',
    status: 500,
    retry: false,
    what: 'The brokers no longer have records of the journal that are asked for: they were archived, or deleted.',
    where: 'The journal topic on the brokers.',
    why: 'The journal is the only source of truth; a hole in it can not be folded over.',
    todo: 'If they were archived, begin with a snapshot (snapshots.folder), or name the archive, too: archive+kafka://host:port/cell. If not, find out who deletes records of the journal; a process whose store has all of it goes on with --accept-cut, and an export is written back with marie journal import into a topic that was made anew.',
  },
  'kafka-topic-anew': {
    title: 'A topic was made anew',
    status: 500,
    retry: false,
    what: "A topic ends before the position up to which it was read, or has another record there by now: it was deleted and made again, a broker was let lead without all of its partition's records (an unclean election), or the journal was moved to other brokers without its inputs.",
    where: 'The topic and partition that the message names.',
    why: 'The journal says up to which position each partition was read, and never reads a position twice; what stands before that would be passed over.',
    todo: 'Write records of any content into the partition until it is as long as the message says, one for each missing position: they are never read. Then start again, and have whatever was written there since sent once more. A partition that is as long already needs no more records: processes go on behind the position, and what stands before it has to be sent once more.',
  },
  'turn-voided': {
    title: 'Turn is void',
    status: 503,
    retry: true,
    what: "Another leader's turn was accepted in the journal first; this process leads no longer.",
    where: 'The answer to an input that this process had taken.',
    why: 'Of two leaders the one whose turn is in the journal first is right; the other gives its work up.',
    todo: 'Repeat the same request with the same Idempotency-Key; another process leads now.',
  },
  usage: {
    title: 'Wrong command line',
    status: 0,
    retry: false,
    what: "The command line has a command, an argument or an option that there isn't, or leaves one out.",
    where: 'The command line; the message names the word.',
    why: 'Guessing what was meant could do the wrong thing to the right DAG.',
    todo: 'Correct it; `--help` after any command tells what it takes.',
  },
  unreachable: {
    title: 'No fabric answers',
    status: 0,
    retry: true,
    what: 'No connection to the fabric could be made, or it broke before the answer was there.',
    where: 'The address that the message names.',
    why: 'Nobody listens there, or the network between lost the connection.',
    todo: 'Start a fabric with `marie up`, or name the address of one with --url or MARIE_URL.',
  },
  'bad-answer': {
    title: "Not a fabric's answer",
    status: 0,
    retry: false,
    what: 'Something answered that is not a fabric, or one of another version.',
    where: 'The address that the message names.',
    why: "What answers is another program, a proxy's page, or a fabric of another version.",
    todo: 'Check the address: --url or MARIE_URL; if it is that of a proxy, what it lets through, and the credentials in MARIE_HEADERS.',
  },
  'blob-damaged': {
    title: 'Blob is damaged',
    status: 500,
    retry: true,
    what: 'The bytes of a blob do not have the digest that names them, or the disk can not read them.',
    where: 'The blob that the message names, when it is fetched.',
    why: 'The name of a blob is the digest of its bytes, so a change on the way or on the disk is seen.',
    todo: "Fetch it again; if that doesn't help, put the bytes anew.",
  },
  'blob-not-json': {
    title: 'Blob holds no JSON',
    status: 0,
    retry: false,
    what: 'A blob was asked for as JSON, such as a large output, and holds something else.',
    where: 'The blob that the message names.',
    why: "The fabric doesn't look into blobs: an executor gave one as the output of its job that holds no JSON.",
    todo: 'Fetch its bytes: GET /v1/blobs/ with its digest. An executor can keep what is not JSON in a blob, and give the name of that blob as its output.',
  },
  'not-a-blob': {
    title: 'Not the name of a blob',
    status: 0,
    retry: false,
    what: 'The uri does not name a blob of the fabric.',
    where: 'The uri that was given to the client.',
    why: 'Other uris are for executors to follow; the fabric holds only blobs.',
    todo: "Give a uri that the fabric's blob store answered with: blob:sha256: and 64 digits.",
  },
  aborted: {
    title: 'Given up',
    status: 0,
    retry: true,
    what: 'The caller ended the call before the answer was there.',
    where: 'A call of the client.',
    why: 'A signal, a time limit or Ctrl-C ended it. Whether the fabric took the request is open: repeat it with the same id.',
    todo: 'Call again.',
  },
  'not-taken': {
    title: 'Callback not taken',
    status: 0,
    retry: true,
    what: 'The fabric could not take callbacks just now.',
    where: 'Callbacks of an executor.',
    why: 'The fabric was starting, ending or full at that moment.',
    todo: 'Send them again later; the SDK does by itself.',
  },
  'file-not-found': {
    title: 'No such file',
    status: 0,
    retry: false,
    what: 'There is no file or folder with this path.',
    where: 'The path that the message names.',
    why: 'It is relative to the folder in which the command was called.',
    todo: 'Check the path.',
  },
  'file-not-permitted': {
    title: 'File not permitted',
    status: 0,
    retry: false,
    what: 'The system does not let this user read or write the file.',
    where: 'The path that the message names.',
    why: 'The command runs with the rights of who called it.',
    todo: 'Check who may read and write it.',
  },
  'unreadable-file': {
    title: 'File can not be used',
    status: 0,
    retry: false,
    what: 'The file does not hold what the command needs.',
    where: 'The file that the message names.',
    why: 'It is a folder, or its disk does not give it; or it is not JSON or YAML, or of another form than the command needs; or something of it would be lost: an object has a key twice, or a number in YAML has more digits than are kept.',
    todo: 'Name a file, and correct in it what the message says; `--help` after the command tells what the file is to hold.',
  },
  'inputs-differ': {
    title: 'Inputs are not those of the DAG',
    status: 0,
    retry: false,
    what: 'The files that --input gives and the inputs that the DAG leaves open are not the same.',
    where: 'The options --input of `marie submit`.',
    why: 'A file for no input would be lost, and an input without a file could not be bound.',
    todo: 'Give --input NAME=PATH for each {"input": "NAME"} of the DAG, and for nothing else.',
  },
  'invalid-input': {
    title: 'Input is not name=path',
    status: 0,
    retry: false,
    what: 'An --input could not be cut into the name of an input and the path of a file.',
    where: 'The option --input of `marie submit`.',
    why: 'There was no equals sign, or nothing on one side of it.',
    todo: 'Write --input NAME=PATH.',
  },
  'invalid-sync': {
    title: 'No such sync policy',
    status: 0,
    retry: false,
    what: "The journal's sync policy is not one that there is.",
    where: 'The option --sync of `marie up`.',
    why: 'How soon an append is on the disk decides what a power loss can take; so it is never guessed.',
    todo: 'Give every-turn, off, or an interval such as 5ms.',
  },
  'unknown-type': {
    title: 'No such input or event',
    status: 0,
    retry: false,
    what: 'The catalogue has no input or event of this name.',
    where: 'The option --type of `marie journal cat`.',
    why: 'A name that matches nothing would show an empty history.',
    todo: 'Name inputs and events as the catalogue does, such as SubmitDag or JobSucceeded.',
  },
  'no-journal': {
    title: 'No journal here',
    status: 0,
    retry: false,
    what: 'The place that was named holds no journal of files.',
    where: 'The folder or file that the message names.',
    why: 'It has no segment files of a journal.',
    todo: 'Name a data directory, a journal folder, or one of its segment files.',
  },
  'journal-on-kafka': {
    title: 'The journal is on Kafka',
    status: 0,
    retry: false,
    what: 'A command that works on the files of a journal was given a cell on Kafka.',
    where: 'The place that is named on the command line.',
    why: 'The journal of such a cell is a topic: what is in it can be read and added to, and nothing else.',
    todo: 'Take its turns out with marie export, and put turns into an empty topic with marie journal import.',
  },
  'history-incomplete': {
    title: "The history's beginning is missing",
    status: 0,
    retry: false,
    what: 'The journal begins with a later turn than the first, and there is no snapshot to begin with; or the archive beside it lacks turns before it.',
    where: 'A command that folds a journal of which turns were archived, an export that begins later, or a backup.',
    why: 'A fold begins with nothing at turn 1, or with the rows of a snapshot. The turns that are there may be right: nobody has looked at them.',
    todo: 'Name the archive, too: archive+kafka://host:port/cell; of files, `archive` in the data directory is found by itself, also as a link to where it lies. Where it is gone, only `marie replay state --at`, `verify --from` and `why` have an answer, from the newest snapshot before what is asked for (--snapshots DIR where it is not beside the journal); other commands fold from the first turn, or what they count would lack what was before. A backup leaves an archive that lacks turns out with --without-archive.',
  },
  'fold-failed': {
    title: 'A turn can not be folded',
    status: 0,
    retry: false,
    what: 'The kernel can not apply an event of a turn: it names rows that are not there, or would make one impossible.',
    where: 'The turn that the message names.',
    why: 'Whoever wrote the turn did not have the state to which the turns before it lead: the turn is forged, or there is a defect in the kernel.',
    todo: 'Take the turns before it out with marie export --to, and report the journal.',
  },
  'invariant-broken': {
    title: 'An invariant does not hold',
    status: 0,
    retry: false,
    what: 'After a turn an invariant of docs/faults.md does not hold, although its state hash is right.',
    where: 'The turn and the rows that the message names.',
    why: 'The turn was decided wrongly: it is forged, or there is a defect in the kernel.',
    todo: 'Report the journal up to that turn: marie export --to; marie replay anonymise takes what is private out of it.',
  },
  'decided-otherwise': {
    title: 'A turn is decided otherwise',
    status: 0,
    retry: false,
    what: 'Decided again, a turn does not come out byte by byte as it is recorded.',
    where: '`marie replay verify --again`, at the turn that the message names.',
    why: 'The same state, inputs and time give the same bytes with every kernel that decides alike. The turn is forged, a kernel that decides otherwise has written it, or there is a defect.',
    todo: 'Compare what differs, entry by entry, below the message. If the version of the program has changed since the turn was written, audit without --again.',
  },
  'not-a-backup': {
    title: 'No backup',
    status: 0,
    retry: false,
    what: 'The folder that was named holds no backup, or one of a newer format.',
    where: 'The first argument of `marie restore`.',
    why: 'There is no manifest that this version can read. An export or a copy of a data directory has none.',
    todo: 'Name a folder that `marie backup` made, or start a fabric on the copy of a data directory as it is.',
  },
  'is-a-backup': {
    title: 'Backup kept as it is',
    status: 0,
    retry: false,
    what: 'A command was to change files of a backup.',
    where: 'The folder that the message names: it is a backup, with its `manifest.json`, or is in one.',
    why: 'A backup is restored only as it was made: every file is compared with its manifest.',
    todo: 'Name a data directory. `marie restore` makes one of the backup. Where it refuses a backup that is damaged, copy it, delete `manifest.json` in the copy, and repair that.',
  },
  'backup-damaged': {
    title: 'Backup damaged',
    status: 0,
    retry: false,
    what: 'A backup is not as it was when it was made, or a blob is not what its name says.',
    where: 'The file or folder that the message names.',
    why: 'Every file is compared with the manifest, the chain of the journal is checked, and every turn is folded again; one of these did not fit.',
    todo: 'Take another backup, or another copy of this one. Nothing was restored.',
  },
  'snapshot-damaged': {
    title: 'Snapshot damaged',
    status: 0,
    retry: false,
    what: 'A snapshot is not as it was when it was written.',
    where: 'The snapshot, and the byte in it, that the message names.',
    why: 'Every block of it has checksums, the whole a SHA-256, and its rows must come to the state hash of the turn that it stands for; one of these did not fit.',
    todo: 'Nothing, where an older snapshot or the whole journal is there: they are taken instead. Remove the damaged one, and take another with `marie snapshot create`.',
  },
  'snapshot-unusable': {
    title: 'Snapshot can not be used here',
    status: 0,
    retry: false,
    what: 'A snapshot is whole, but of another cell, another history, or another layout of rows than this program has.',
    where: 'The snapshot that the message names.',
    why: 'What goes on from a snapshot must stand where the journal stood: at the same turn, with the same hash and the same state hash.',
    todo: 'Name the folder of the snapshots that belong to this journal, or take a new one with `marie snapshot create`.',
  },
  'no-snapshot': {
    title: 'No snapshot to begin with',
    status: 0,
    retry: false,
    what: 'The journal begins with a later turn than the first, and what would go on from there is empty or older: a store, or what is restored of a backup.',
    where: 'The start of a fabric, a backup or its restoring, or a command that folds a journal.',
    why: "The turns before were archived. What they led to is in a snapshot, of a turn from the journal's first one on; none was found that can be used.",
    todo: 'Put the snapshots back where the configuration says they are (snapshots.folder; on Kafka all processes of the cell share it), or name their folder (--snapshots). One can be taken of the archive: `marie snapshot create`, on Kafka of archive+kafka://host:port/cell. For a journal of files, the archived segments may also be put back into its folder: that is the way where it has no turn left after them, as when a repair has cut its first one.',
  },
  'target-not-empty': {
    title: 'Folder not empty',
    status: 0,
    retry: false,
    what: 'The folder that is to be made is there already, and something is in it, or a disk is mounted at it; or another process is making it. Or an archive was to be begun where a journal is that is not the archive of this one.',
    where: 'The last argument of `marie backup`, `marie restore` or `marie export`, or `--to` of `marie journal archive`.',
    why: 'A folder is made whole or not at all, and nothing is written over.',
    todo: 'Name another folder, such as one in it that is not there yet. Move this one away only if nothing needs it: a fabric goes on with its journal where that is.',
  },
  'plan-invalid': {
    title: 'Plan can not be used',
    status: 0,
    retry: false,
    what: 'A simulation plan has unknown or wrong fields, or DAGs that could not be submitted.',
    where: 'The places of the plan that are listed.',
    why: 'A simulation of something else than was meant says nothing.',
    todo: 'Correct the places that are listed; docs/how-to/simulate.md describes every field.',
  },
  'invalid-wfformat': {
    title: 'No instance in WfFormat',
    status: 0,
    retry: false,
    what: 'The file is not of the form that WfCommons describes, or its graph can not become a DAG.',
    where: 'The places of the file that are listed.',
    why: 'The form leaves room for instances that are no graph, or that lack what a job needs.',
    todo: 'Correct the places that are listed; schema versions 1.4 and 1.5 are read.',
  },
  'config-invalid': {
    title: 'Configuration can not be used',
    status: 0,
    retry: false,
    what: 'A setting of the configuration is unknown or has a wrong value.',
    where: 'The settings of the file or the command line that are listed.',
    why: 'A fabric that starts with half of its settings does something that nobody asked for.',
    todo: 'Correct the settings that are listed; `marie up --help` names them all.',
  },
  'clock-not-accepted': {
    title: 'Clock is far ahead of the journal',
    status: 0,
    retry: false,
    what: 'More than an hour has passed between the last turn and what the clock says now.',
    where: 'The start of a fabric.',
    why: "Timers run on the journal's time; a clock that is wrong by years would fire all of them at once, and journal time never goes back.",
    todo: 'If the clock is right, start once with --accept-clock; the systemd service by MARIE_OPTIONS, as docs/how-to/deploy.md says.',
  },
  'port-in-use': {
    title: 'Port in use',
    status: 0,
    retry: true,
    what: 'Another program listens on this address and port.',
    where: 'The address and port of `marie up`.',
    why: 'Only one program can listen there; often it is a fabric that still runs.',
    todo: 'Choose another port with --port, or end what listens there.',
  },
  'address-unusable': {
    title: "Address can't be used",
    status: 0,
    retry: false,
    what: "This machine can't listen on the address or port.",
    where: 'The address and port of `marie up`.',
    why: 'A program listens on an address of its own machine only, and on a low port only if the system permits it.',
    todo: 'Give --host a name or an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them; and --port one that is permitted.',
  },
  'store-locked': {
    title: 'Store is in use',
    status: 0,
    retry: true,
    what: 'Another process has the store of this data directory open.',
    where: 'The store of a data directory.',
    why: 'Two writers would destroy it.',
    todo: 'End the other process first, or use another data directory.',
  },
  'store-unavailable': {
    title: 'Store not available',
    status: 0,
    retry: true,
    what: 'The disk refused to read or write the store.',
    where: 'The store of a data directory.',
    why: 'The system refused a read or a write; the message has its reason.',
    todo: 'Check the disk, and who may write to the data directory. Where the disk can not read a file of the store, move the folder `store` away: the next start makes it anew of the journal.',
  },
  'node-not-supported': {
    title: "Node can't load the store's library",
    status: 0,
    retry: false,
    what: 'The library of the store ends the process when this version of Node loads it. It was tried in a process of its own.',
    where: 'Whatever opens a store: `marie up`, `npm start`, a repair. Other commands, clients and executors need no store.',
    why: "The library comes prebuilt. On Linux with glibc a Node newer than 20 has parts of the C++ runtime in its program that the library takes for its own, and they don't fit.",
    todo: 'Use Node 20, from 20.19 on; in the folder of the clone `npx --ignore-scripts=false -p node@20 npm start` brings its own.',
  },
  'store-closed': {
    title: 'Store is closed',
    status: 0,
    retry: false,
    what: 'The store was closed, or a write to it failed, before this.',
    where: 'The store of a data directory.',
    why: 'It follows from the error before it.',
    todo: 'Start the fabric again; an error before this one says what happened.',
  },
  'executors-ended': {
    title: 'Executors ended',
    status: 0,
    retry: false,
    what: 'The executors of the demo ended while the fabric needed them.',
    where: '`npm start`.',
    why: "Without executors of its classes the example can't go on.",
    todo: 'Look into their log, which the message names.',
  },
  unexpected: {
    title: 'Unexpected error',
    status: 0,
    retry: false,
    what: 'The program met an error that it has no name for.',
    where: 'The command that was called.',
    why: 'It is a fault of the program, or something that it was not prepared for.',
    todo: 'Report it, with the command that was called and what it said.',
  },
  'invalid-time': {
    title: 'Not a time',
    status: 0,
    retry: false,
    what: 'A deadline could not be read as a time or as a span from now on.',
    where: 'The time that is given to `marie set-deadline` or to a filter.',
    why: 'A time without a zone means different moments to different people.',
    todo: 'Give a time with its zone, such as 2026-12-24T18:00Z, a span such as +90s, +30m, +2h or +1d, or none.',
  },
  'condition-false': {
    title: 'Job skipped by its condition',
    status: 0,
    retry: false,
    what: 'The `when` of the job was not met, so it was skipped; it counts as done.',
    where: '`reason` or `code` of a job or a DAG; never the answer to a request.',
    why: 'The condition reads outputs of jobs before it, and they said no.',
    todo: 'Nothing, if that was meant. The condition stands in the submission; the outputs of the jobs before it have the values.',
  },
  'upstream-failed': {
    title: 'Job skipped because of jobs before it',
    status: 0,
    retry: false,
    what: 'Not enough of the jobs before this one succeeded, so it was skipped.',
    where: '`reason` or `code` of a job or a DAG; never the answer to a request.',
    why: 'Its join can no longer be met: what it needs failed, was cancelled or was itself skipped for this reason.',
    todo: 'Look at the jobs that it comes after; repair the cause, then `marie retry` the DAG.',
  },
  'dag-cancelled': {
    title: 'Job cancelled with its DAG',
    status: 0,
    retry: false,
    what: 'Somebody cancelled the DAG, and with it this job.',
    where: '`reason` or `code` of a job or a DAG; never the answer to a request.',
    why: 'A cancelled DAG ends all of its jobs: waiting ones at once, running ones when their executors have stopped.',
    todo: 'Nothing, if that was meant. `marie retry` runs the DAG again.',
  },
  'dag-failed': {
    title: 'Job cancelled because its DAG failed',
    status: 0,
    retry: false,
    what: 'Another job failed for good, so this one was cancelled.',
    where: '`reason` or `code` of a job or a DAG; never the answer to a request.',
    why: 'The failure policy of the DAG is fail-fast: nothing more is spent on a DAG that can not succeed.',
    todo: 'Find the job that failed. With the policy `continue` the rest would have run on.',
  },
  cancelled: {
    title: 'Job cancelled',
    status: 0,
    retry: false,
    what: 'Somebody cancelled this job.',
    where: '`reason` or `code` of a job or a DAG; never the answer to a request.',
    why: 'A control named it; the journal has who sent it, and when.',
    todo: 'Nothing, if that was meant. `marie retry` runs the DAG or the job again once the DAG has ended.',
  },
  'hard-deadline': {
    title: 'Hard deadline passed',
    status: 0,
    retry: false,
    what: 'The hard deadline of the DAG passed before its end, so what was left was ended.',
    where: '`reason` or `code` of a job or a DAG; never the answer to a request.',
    why: 'The submission says so with `onHardDeadline: fail`: after that moment the result is worth nothing.',
    todo: 'Give the DAG more time or a higher priority, or its classes more slots; `marie retry` runs what is left, which this deadline no longer ends; `marie set-deadline` then gives it another one.',
  },
  'executor-failed': {
    title: 'Attempts used up',
    status: 0,
    retry: false,
    what: 'The last attempt of the job was reported as failed by its executor.',
    where: '`reason` or `code` of a job or a DAG; never the answer to a request.',
    why: "Either the retry policy had no attempt left, or the executor's code is among those that are not retried. The failure keeps the executor's own code and message.",
    todo: "Read the executor's code and message, repair the cause, then `marie retry`.",
  },
  'timed-out': {
    title: 'Job timed out',
    status: 0,
    retry: false,
    what: 'An attempt ran longer than the `timeoutMs` of the job.',
    where: '`reason` or `code` of a job or a DAG; never the answer to a request.',
    why: 'The time is running time: an outage of the fabric is not counted. The executor was told to stop.',
    todo: 'Give the job more time, find what holds it up, or let the executor report failure sooner; `marie retry` runs it again.',
  },
  poison: {
    title: 'Job lost its executors too often',
    status: 0,
    retry: false,
    what: 'Executors that had this job were lost again and again.',
    where: '`reason` or `code` of a job or a DAG; never the answer to a request.',
    why: 'A job that takes its executor down with it would do so for ever; a lost executor costs the job no attempt, so they are counted apart.',
    todo: "Look into the executors' logs for what the job does to them; then `marie retry`.",
  },
  'output-not-inline': {
    title: 'An output that had to be read is in a blob',
    status: 0,
    retry: false,
    what: 'The `when` or the `fanOut` of the job needs a value out of the output of a job before it, and that output is in a blob. So the job failed instead of taking a wrong branch.',
    where: '`reason` or `code` of a job; never the answer to a request. Its `when` or `fanOut` in the submission names the job whose output it is.',
    why: 'Decisions come from the journal alone, which holds outputs up to 256 KiB; of a larger one, which the SDKs put into a blob by themselves, it knows only that it is there. So `exists` without `at` is true of it, and nothing else can be told.',
    todo: 'Let the job before it keep its output small: put the large part into a blob (`ctx.blobs.put`) and give its address beside the values that are asked for. Or put a job in between that reads the output and gives those values only. Then retry the job whose output it is (`marie retry DAG JOB`): what comes after it runs again as well.',
  },
  'children-failed': {
    title: 'Too many children failed',
    status: 0,
    retry: false,
    what: 'More children of the fan-out failed than it tolerates.',
    where: '`reason` or `code` of a job or a DAG; never the answer to a request.',
    why: '`tolerate` of the fan-out says how many may fail; it is 0 where nothing is said.',
    todo: 'Look at the children that failed (`marie jobs --state failed`), repair the cause, then `marie retry`; or tolerate more.',
  },
};

/** Whether it is one of the stable codes. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}

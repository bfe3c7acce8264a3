/** What the executor of the Kafka examples makes of what it reads, and what it writes, without brokers and their client. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { hasPython } from '../../support/fabric/python.js';

const EXECUTOR = `
import sys, types

class Stub:
    def __init__(self, *_, **__): pass
    def __getattr__(self, _): return lambda *_, **__: None

for name in ("confluent_kafka", "fastavro", "fastavro.schema"):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__getattr__ = lambda _: Stub

sys.path.insert(0, "examples/kafka")
import executor as example

executor = example.Executor("brokers", "main", "one", "words", 1, Stub())
`;

const HOSTILE = `
executor.send = lambda name, body, *_: print(name, body["lease"]["token"], body["code"])
headers = {"schema": "Dispatch@1", "executor": "one"}
head = b'{"type":"dispatch","token":"main.1.0.1.5","inputs":'
for value in (None, b"", b"nonsense", b"{}", b"[]", b'{"type":"dispatch","token":"x",', head + b"\\xff", head + b"[" * 100_000):
    executor.take("dispatches", headers, None, value)
`;

const LEAVING = `
example.follow = lambda *_, **__: iter([None])
executor.catalogue.pack = lambda _, body: body.get("slots")
executor.producer.produce = lambda topic, key, value, headers, **_: print(topic, key, headers["schema"], value)
executor.is_asked = True
executor.run_until_told()
`;

/** A job ends, and the fabric takes that only after the executor has begun to leave. */
const LEAVING_LATE = `
lease = {"dag": 1, "job": 0, "attempt": 1, "token": 5}
def told(*_, **__):
    yield None
    value = b'{"type":"dispatch","token":"main.1.0.1.5","slots":2,"job":"a","inputs":{}}'
    yield "dispatches", {"schema": "Dispatch@1", "executor": "one"}, None, value
    executor.pool.shutdown()
    executor.is_asked = True
    yield None
    yield None
    print("taken")
    yield "slots", {"schema": "SlotReleased@1"}, None, b""
    raise AssertionError("it has not left")

example.follow = told
executor.catalogue.unpack = lambda *_: lease
executor.catalogue.pack = lambda _, body: [(one["lease"]["token"], one["slots"]) for one in body.get("held", [])]
executor.producer.produce = lambda topic, key, value, headers, **_: print(key, headers["schema"], value)
executor.run_until_told()
`;

/** What a script prints that has an executor, line by line. */
function printedBy(script: string): readonly string[] {
  return execFileSync('python3', ['-c', EXECUTOR + script], { encoding: 'utf8' })
    .trim()
    .split('\n');
}

/** An earlier process of its id had another class, and its slots are not free when this one registers. */
const BUSY = `
def told(*_, **__):
    yield None
    yield "refusals", {"schema": "InputRefused@1", "input-id": executor.registration}, None, b""
    example.time.monotonic = lambda: 1e9
    yield None
    executor.is_asked = True
    yield None

example.follow = told
executor.catalogue.unpack = lambda *_: {"code": "executor-busy", "problems": []}
executor.catalogue.pack = lambda _, body: body.get("slots")
executor.producer.produce = lambda topic, key, value, headers, **_: print(headers["schema"], value)
executor.run_until_told()
`;

// Skipped only where there is no python3 to run it; never in CI.
describe.skipIf(!hasPython)('the executor of the Kafka examples', () => {
  it('passes over what is no dispatch, and fails for good what begins as one', () => {
    const failed = 'FailJob 5 dispatch-unreadable';
    expect(printedBy(HOSTILE)).toEqual([failed, failed]);
  });

  it('leaves by one partition: what stands elsewhere may be taken for the next process of its id', () => {
    expect(printedBy(LEAVING)).toEqual([
      'marie.main.callbacks one RegisterExecutor@1 1',
      'marie.main.callbacks one Heartbeat@1 None',
      'marie.main.callbacks one RegisterExecutor@1 0',
      'marie.main.callbacks one DeregisterExecutor@1 None',
    ]);
  });

  it('registers in place of its next heartbeat where it was refused since its id is busy with another class', () => {
    expect(printedBy(BUSY)).toEqual([
      'RegisterExecutor@1 1',
      'Heartbeat@1 None',
      'RegisterExecutor@1 1',
      'RegisterExecutor@1 0',
      'DeregisterExecutor@1 None',
    ]);
  });

  it('leaves no work behind that has ended and is not taken yet: it would be done again', () => {
    const printed = printedBy(LEAVING_LATE).filter((line) => !line.includes('Heartbeat'));
    expect(printed).toEqual([
      'one RegisterExecutor@1 []',
      '1 AcknowledgeDispatch@1 []',
      '1 CompleteJob@1 []',
      'one RegisterExecutor@1 [(5, 2)]',
      'taken',
      'one DeregisterExecutor@1 []',
    ]);
  });
});

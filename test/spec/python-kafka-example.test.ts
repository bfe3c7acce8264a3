/** What the executor of the Kafka examples makes of records that no fabric has written, without brokers and their client. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { hasPython } from '../support/fabric/python.js';

const SCRIPT = `
import sys, types

class Stub:
    def __init__(self, *_, **__): pass
    def __getattr__(self, _): return lambda *_, **__: None

for name in ("confluent_kafka", "fastavro", "fastavro.schema"):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__getattr__ = lambda _: Stub

sys.path.insert(0, "examples/kafka")
from executor import Executor

executor = Executor("brokers", "main", "one", "words", 1, Stub())
executor.send = lambda name, body, *_: print(name, body["lease"]["token"], body["code"])
headers = {"schema": "Dispatch@1", "executor": "one"}
head = b'{"type":"dispatch","token":"main.1.0.1.5","inputs":'
for value in (None, b"", b"nonsense", b"{}", b"[]", b'{"type":"dispatch","token":"x",', head + b"\\xff", head + b"[" * 100_000):
    executor.take("dispatches", headers, None, value)
`;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('passes over what is no dispatch, and fails for good what begins as one', () => {
  const printed = execFileSync('python3', ['-c', SCRIPT], { encoding: 'utf8' });
  const failed = 'FailJob 5 dispatch-unreadable';
  expect(printed.trim().split('\n')).toEqual([failed, failed]);
});

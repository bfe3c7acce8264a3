"""Ends the executor of the example by an error while a job runs: says whether that is told to stop. Usage: ends.py EXAMPLES"""
import sys
import threading

sys.path.insert(0, sys.argv[1])
import executor  # noqa: E402
from confluent_kafka import KafkaError  # noqa: E402

DISPATCH = b'{"type":"dispatch","token":"none.1.0.1.2","slots":1,"job":"a","inputs":{},"dagId":"one"}'
began = threading.Event()
told = []


def run(dispatch, stopped):
    began.set()
    told.append(stopped.wait(20))


def follow(*_arguments, **_options):
    yield None
    yield "dispatches", {"schema": "Dispatch@1", "executor": "odd"}, "1", DISPATCH
    began.wait()
    ending.delivered(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED), "any")


executor.run, executor.follow = run, follow
ending = executor.Executor("127.0.0.1:1", "none", "odd", "odd", 1, executor.Files())
try:
    ending.run_until_told()
except SystemExit as end:
    ending.pool.shutdown()  # only now: which thread prints first is anybody's guess
    print(str(end)[:11])
    print("told", *told)

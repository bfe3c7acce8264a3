"""The example's executor, told to end where its brokers have gone for good: says that it has left. Usage: leaves.py EXAMPLES"""
import itertools
import sys

sys.path.insert(0, sys.argv[1])
import executor  # noqa: E402
from catalogue import Files  # noqa: E402

executor.ANSWERS = 0.1
executor.follow = lambda *_args, **_named: itertools.repeat(None)
leaving = executor.Executor("127.0.0.1:1", "none", "one", "words", 2, Files())
leaving.is_asked = True
leaving.run_until_told()
print("left")

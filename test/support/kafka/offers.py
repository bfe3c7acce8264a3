"""Says how many slots the example's executor offers: when it begins, and when the fabric does not know it while it leaves.
Usage: offers.py EXAMPLES"""
import sys

sys.path.insert(0, sys.argv[1])
from catalogue import Files  # noqa: E402
from executor import Executor  # noqa: E402

executor = Executor("127.0.0.1:1", "none", "one", "words", 2, Files())
executor.send = lambda name, body, *_: print(name, body["slots"])
executor.register()
executor.is_leaving = True
executor.refused({"code": "unknown-executor", "problems": []}, "the input")

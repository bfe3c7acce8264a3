"""The example's executor, whose work ends as its job is called. Usage: odd_executor.py EXAMPLES BROKERS CELL ID CLASS SLOTS"""
import sys
import time

sys.path.insert(0, sys.argv[1])
import executor  # noqa: E402


class Mute(Exception):
    def __str__(self):
        raise ValueError("no text")

    __repr__ = __str__


def run(dispatch, stopped):
    job = dispatch["job"]
    if job == "odd-text":
        raise ValueError("no file \udcff.pdf")
    if job == "exit":
        sys.exit(3)
    if job == "mute":
        raise Mute()
    if job == "no-json":
        return {1, 2}
    if job == "large":  # for the brokers' client
        return "x" * 2_000_000
    if job == "large-for-topic":
        return "x" * 200_000
    raise AssertionError(job)


executor.run = run
executor.main(*sys.argv[2:])

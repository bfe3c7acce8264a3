"""An executor of the Marie Execution Fabric in Python's standard library: nothing is installed, nothing is generated.

It is written from docs/executor-protocol.md, and does all that stands there: sessions, the dispatch stream, stops,
batches of callbacks until they are answered, blobs, collections, draining. `Executor(...).serve()` is all that a
program needs; a `Ledger` adds a memory that outlives the process.
"""

from .executor import Executor
from .job import Job, JobFailed, JobStopped
from .ledger import Ledger
from .link import Refused

__all__ = ["Executor", "Job", "JobFailed", "JobStopped", "Ledger", "Refused"]

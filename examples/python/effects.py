"""python3 effects.py FILE: every effect that stands in a ledger of documents.py, as a line of JSON."""

import json
import sqlite3
import sys

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
    for tenant, dag, job, token in database.execute("SELECT tenant, dag, job, token FROM effects"):
        print(json.dumps({"tenant": tenant, "dag": dag, "job": job, "token": token}))

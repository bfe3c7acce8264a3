"""What Schemathesis can't know of the fabric."""

import itertools

import schemathesis

KEYS = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Most keys are used once; with one key for everything nothing but the first control would be carried out."""
    number = next(KEYS)
    if case.headers and "Idempotency-Key" in case.headers and number % 8 != 0:
        key = case.headers["Idempotency-Key"]
        if isinstance(key, str) and 0 < len(key) <= 200:
            case.headers["Idempotency-Key"] = f"{number}-{key}"

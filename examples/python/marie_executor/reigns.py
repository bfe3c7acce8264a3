"""Reigns: who makes the fabric's turns, and whether turns that an executor knows of are lost."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .registration import Session


class KnownTurns:
    """
    A fabric that goes on from an older copy of its journal, or has lost what was not on its disk, gives the tokens of
    the turns that are gone to other leases: its reign begins before a turn that is known here.
    """

    def __init__(self, reign: str | None = None, highest: int = 0) -> None:
        """`reign` is the one in which this executor was registered last, `highest` the last turn that it was told of."""
        self._lock = threading.Lock()  # dispatches and answers tell of turns, each in a thread of its own
        self._reign, self._highest = reign, highest

    def registered(self, session: Session) -> None:
        """From now on turns are those of this session's reign."""
        self._reign = session.reign
        self.hear(session.turn)

    def hear(self, turn: object) -> None:
        """The fabric has made this turn; None where it did not say."""
        if isinstance(turn, int):
            with self._lock:
                self._highest = max(self._highest, turn)

    def are_lost(self, session: Session) -> bool:
        """Whether turns that are known here are no part of the history that this session's reign goes on from."""
        if session.reign is None or self._reign is None or session.reign == self._reign:
            return False
        return session.first_turn <= self._highest

"""How an executor registers, and what it is answered."""

from __future__ import annotations

import json
import uuid
from typing import Any

from .link import Link, Refused, understood


class Session:
    """The answer to a registration."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.history: str = answer["history"]
        self.turn = int(answer["turn"])
        self.heartbeat_s: float = answer["heartbeatMs"] / 1_000
        reign: dict[str, Any] = answer.get("reign") or {"id": None, "turn": 0}  # none on Kafka
        self.reign: str | None = reign["id"]
        self.first_turn = int(reign["turn"])


class Registration:
    """Asks for sessions. What nobody has answered comes again as it was, so that it is taken once, however late."""

    def __init__(self, link: Link, path: str, offer: dict[str, Any]) -> None:
        self._link, self._path, self._offer = link, path, offer
        self._unanswered: tuple[dict[str, Any] | None, str] = (None, "")  # what was asked, and its key

    def ask(self, incarnation: str, held: dict[str, int], history: str | None, is_draining: bool) -> Session:
        """`held` has tokens, with their slots, of that history."""
        listed = [{"token": token, "slots": slots} for token, slots in held.items()]
        known = {} if history is None else {"history": history}
        # A new session begins without a cordon, and what it were sent now would come straight back.
        offer = {**self._offer, "slots": 0} if is_draining else self._offer
        body = {"incarnation": incarnation, "held": listed, **known, **offer}
        if self._unanswered[0] != body:
            self._unanswered = (body, uuid.uuid4().hex)
        try:
            answer = self._link.read("POST", self._path, body, headers={"idempotency-key": self._unanswered[1]})
        except Refused as refusal:
            if refusal.is_decided:
                self._unanswered = (None, "")
            raise
        with understood():
            session = Session(json.loads(answer))
        self._unanswered = (None, "")
        return session

"""Keeps the results of whole paths, and the texts that were made of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from reviewer.engine.remembering.dependence import own_rules_key
from reviewer.engine.remembering.store import Store

if TYPE_CHECKING:
    from reviewer.engine.results import RootResult


class ResultCache:
    """Results by `reviewer.engine.remembering.dependence.key_of`; one of another shape counts as absent."""

    def __init__(self) -> None:
        """Open the store."""
        self._store = Store("results")

    def get(self, key: str) -> RootResult | None:
        """Return the result that was kept under a key, or None."""
        text = self._store.get(key)
        if text is None:
            return None
        from reviewer.core.wire import WireError, from_wire
        from reviewer.engine.results import RootResult

        try:
            entry = json.loads(text)
            result = from_wire(RootResult, entry["result"])
            return result if entry["rules"] == own_rules_key(result.skills) else None
        except (ValueError, KeyError, TypeError, RecursionError, WireError):
            return None

    def put(self, key: str, data: Any, skills: tuple[str, ...]) -> None:
        """Keep a result, given as it came through the pipe."""
        rules = own_rules_key(skills)
        if rules:
            entry = {"rules": rules, "result": data}
            self._store.put(key, json.dumps(entry, ensure_ascii=True, separators=(",", ":")))


class ReplyCache:
    """Finished replies, text and exit code, for when nothing at all has changed."""

    def __init__(self) -> None:
        """Open the store."""
        self._store = Store("replies")

    def get(self, key: str) -> tuple[int, str] | None:
        """Return exit code and text, or None."""
        kept = self._store.get(key)
        if kept is None:
            return None
        head, _, text = kept.partition("\n")
        try:
            code, rules, *skills = json.loads(head)
        except (ValueError, TypeError):
            return None
        return (int(code), text) if rules == own_rules_key(tuple(skills)) else None

    def put(self, key: str, code: int, text: str, skills: tuple[str, ...]) -> None:
        """Keep a reply with the folders of rules that it depends on."""
        rules = own_rules_key(skills)
        if rules:
            self._store.put(key, f"{json.dumps([code, rules, *skills])}\n{text}")

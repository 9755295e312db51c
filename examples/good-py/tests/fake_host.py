"""A host in memory that counts what a plugin holds."""

from __future__ import annotations

import copy
from types import SimpleNamespace
from typing import Any


class Held:
    """One registration, which knows how to take itself out."""

    def __init__(self, table: dict[str, Any], name: str, value: Any) -> None:
        self._table, self._name = table, name
        table[name] = value

    def dispose(self) -> None:
        del self._table[self._name]


class FakeHost:
    """Everything that the plugin asks of a host."""

    def __init__(self, config: Any) -> None:
        self.plugin_id = "fm.hillside.rights-report"
        self.data: dict[str, Any] = {}
        self.handlers: dict[str, Any] = {}
        self.called: dict[str, Any] = {}
        self.emitted: list[tuple[str, Any]] = []
        self.executed: list[tuple[str, Any, float]] = []
        self.requests: list[dict[str, Any]] = []
        self.warnings: list[str] = []
        self.status = 201
        self.metrics = None
        self.config = SimpleNamespace(get=lambda key: config)
        self.storage = SimpleNamespace(get=self._get, set=self._set)
        self.network = SimpleNamespace(fetch=self._fetch)
        self.commands = SimpleNamespace(
            register=lambda name, run: Held(self.called, name, run), execute=self._execute
        )
        self.event_bus = SimpleNamespace(on=lambda name, run: Held(self.handlers, name, run), emit=self._emit)
        self.logger = SimpleNamespace(warning=lambda message, *args: self.warnings.append(message % args))

    async def _get(self, key: str) -> Any:
        return copy.deepcopy(self.data.get(key))

    async def _set(self, key: str, value: Any) -> None:
        self.data[key] = copy.deepcopy(value)

    async def _execute(self, name: str, arguments: Any, *, timeout: float) -> Any:
        self.executed.append((name, arguments, timeout))
        return "NLA501600007"

    async def _emit(self, name: str, payload: Any) -> None:
        self.emitted.append((name, payload))

    async def _fetch(self, url: str, **options: Any) -> Any:
        self.requests.append({"url": url, **options})
        return SimpleNamespace(status=self.status)

"""The part of the host's interface, version 5, that this plugin uses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol


class Disposable(Protocol):
    """Something that is held until it is disposed of."""

    def dispose(self) -> None:
        """Let go of it."""


class Reply(Protocol):
    """What a server answered."""

    status: int


class Storage(Protocol):
    """The plugin's own store."""

    async def get(self, key: str) -> Any: ...
    async def set(self, key: str, value: Any) -> None: ...


class Network(Protocol):
    """Requests to the hosts that were granted; credentials are added by the host, by name."""

    async def fetch(
        self, url: str, *, method: str, body: bytes, headers: Mapping[str, str], credential: str
    ) -> Reply: ...


class Commands(Protocol):
    """Commands that others may call, and those of others."""

    def register(self, name: str, run: Callable[[Any], Awaitable[Any]]) -> Disposable: ...
    async def execute(self, name: str, arguments: Mapping[str, Any], *, timeout: float) -> Any: ...


class EventBus(Protocol):
    """Events of the host and of other plugins."""

    def on(self, name: str, handler: Callable[[Any], Awaitable[None]]) -> Disposable: ...
    async def emit(self, name: str, payload: Mapping[str, Any]) -> None: ...


class Logger(Protocol):
    """The plugin's log; the host adds who writes."""

    def warning(self, message: str, *args: object) -> None: ...


class Metrics(Protocol):
    """Counters of a host that is run with monitoring."""

    def count(self, name: str, by: int) -> None: ...


class Config(Protocol):
    """The plugin's part of the configuration."""

    def get(self, key: str) -> Any: ...


class PluginContext(Protocol):
    """What the host hands to the plugin."""

    plugin_id: str
    config: Config
    storage: Storage
    network: Network
    commands: Commands
    event_bus: EventBus
    logger: Logger
    metrics: Metrics | None

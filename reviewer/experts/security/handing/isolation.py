"""How a host keeps the code of plugins apart, as far as its own code shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.syntax import Call, Literal, Name
from reviewer.core.location import Location
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

BOUNDARIES: Final = ("B0", "B1", "B2", "B3", "B4", "B5")
"""From the weakest to the strongest."""
_LOADS: Final = frozenset({"import", "import_module", "exec_module", "load_module", "__import__", "require"})
_STARTS: Final = frozenset({"spawn", "fork", "execFile", "Popen", "create_subprocess_exec", "Process", "Worker"})
_PROCESSES: Final = ("child_process", "subprocess", "asyncio", "multiprocessing", "electron")
_ENGINES: Final = ("quickjs", "isolated-vm", "wasmtime", "wasmer", "extism", "webassembly")
_SANDBOXES: Final = (b"bwrap", b"bubblewrap", b"nsjail", b"firejail", b"docker", b"podman", b"gvisor", b"landlock")
_NETWORKS: Final = ("tls", "ssl", "https", "aiohttp", "httpx", "grpc", "undici")


class Isolation(Struct, frozen=True):
    """What a subject shows: the strongest boundary, where it loads code into its own heap, where it starts some."""

    strongest: str
    loads: tuple[Location, ...]
    starts: tuple[Location, ...]


class _Part(Fact, frozen=True):
    boundaries: frozenset[str]
    loads: tuple[Location, ...]
    starts: tuple[Location, ...]


def isolation_of(inquiry: Inquiry) -> Isolation:
    """Return how a host keeps plugins apart."""
    parts = list(_PARTS.of(inquiry))
    found = {boundary for part in parts for boundary in part.boundaries}
    if "B4" in found and "B2" not in found:
        found.discard("B4")  # a sandbox is named, and nothing starts in it
    return Isolation(
        strongest=max(found, default="B0"),
        loads=tuple(place for part in parts for place in part.loads),
        starts=tuple(place for part in parts for place in part.starts),
    )


def _draw(_inquiry: Inquiry, module: Module) -> _Part | None:
    loads = tuple(locate(module, call) for call in module.calls(_LOADS) if _is_open(call))
    sources = [one.source.removeprefix("node:") for one in module.imports]
    starting = any(source.split(".")[0] in _PROCESSES for source in sources)
    starts = tuple(locate(module, call) for call in module.calls(_STARTS)) if sources else ()
    boundaries = frozenset(_boundaries(module, sources, starting=starting and bool(starts)))
    return _Part(boundaries, loads, starts) if loads or starts or boundaries else None


def _boundaries(module: Module, sources: list[str], *, starting: bool) -> Iterator[str]:
    if starting:
        yield "B2"
    engines = any(engine in source.lower() for source in sources for engine in _ENGINES)
    if engines or "WebAssembly" in module.identifiers:
        yield "B3"
    if any(word in module.source for word in _SANDBOXES):
        yield "B4"
    if any(source.split(".")[0] in _NETWORKS for source in sources):
        yield "B5"


def _is_open(call: Call) -> bool:
    """Tell whether what is loaded is chosen while the host runs."""
    if not call.args or isinstance(call.args[0], Literal):
        return False
    return call.name != "require" or isinstance(call.callee, Name)


_PARTS: Final = Drawn("security.isolation", _draw, _Part, tests=False)

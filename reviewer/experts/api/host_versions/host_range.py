"""Which hosts a manifest says that it runs on: the lower end, the upper end, or a range with both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from reviewer.code.text.words import words
from reviewer.experts.api.vocabulary import HOSTS, LOWER, UPPER, VERSIONS
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.subject.document import Value

PLAIN: Final = r"^\s*[vV=]?\d+(\.(\d+|[xX*])){0,3}([-+][\w.+-]+)?\s*$"
"""A version by itself, which names no range."""
_HOLDERS: Final = frozenset(
    "engines engine host hosts compatibility compat compatible requires requirements supports platform hostversion "
    "hostversions app api hostrange hostapi".split()
)
"""Objects that hold bounds under plain names, lower case without separators."""
_RANGES: Final = frozenset("range ranges compatibility compat compatible supports supported versions".split())
_COMPARED: Final = r"^\s*(?:>=?|\^|~)\s*v?\d+(?:\.\d+){1,3}"
_LANGUAGES: Final = frozenset("node npm yarn pnpm python deno bun vscode java rust go ruby".split())
_COUNTED: Final = frozenset({"api", "sdk", "protocol", "contract", "abi"})
_BARE: Final = frozenset("host app application engine engines platform hostapi api sdk".split())


class Bounds(Struct):
    """What a manifest says about its hosts; each list holds (name, value) as they are spelled."""

    lower: list[tuple[str, Value]] = field(default_factory=list)
    upper: list[tuple[str, Value]] = field(default_factory=list)
    ranges: list[tuple[str, Value]] = field(default_factory=list)
    majors: list[tuple[str, Value]] = field(default_factory=list)
    """The API by its major version, which has both ends."""

    @property
    def said(self) -> bool:
        """Tell whether the manifest says anything about its hosts."""
        return bool(self.lower or self.upper or self.ranges or self.majors)


def kind_of_name(name: str, *, inside: bool = False) -> str:
    """Return ``lower``, ``upper``, ``range`` or ``major`` for what a member says about the host, else an empty string.

    ``inside`` tells that it stands in an object that is about the host, where ``min`` alone is enough.
    """
    parts = frozenset(words(name))
    about = bool(parts & HOSTS) or inside
    if not about or parts & {"node", "python", "npm", "schema", "manifest", "name", "url", "id"}:
        return ""
    if parts & UPPER:
        return "upper"
    if parts & (LOWER - {"requires", "required"}):
        return "lower"
    if parts & _COUNTED and parts & (VERSIONS | {"level", "major"}) and not parts & _RANGES:
        return "major"
    if parts & (VERSIONS | _RANGES) or "".join(words(name)) in _BARE or (inside and parts & HOSTS):
        return "range"
    return ""


def bounds(members: Iterable[tuple[str, Value]]) -> Bounds:
    """Read the members of a manifest that are about its hosts."""
    said = Bounds()
    for name, value in members:
        flat = "".join(words(name))
        if value.kind == "object" and flat in _HOLDERS:
            for inner, bound in value.members():
                if bound.kind in ("string", "number"):
                    _add(said, f"{name}.{inner}", bound, kind_of_name(inner, inside=True) or _engine(flat, inner))
        elif value.kind == "object" and _is_span(value):
            for inner, bound in value.members():
                _add(said, f"{name}.{inner}", bound, kind_of_name(inner, inside=True))
        elif value.kind in ("string", "number"):
            _add(said, name, value, kind_of_name(name) or _spelled_as_range(name, value))
    return said


def _is_span(value: Value) -> bool:
    """Tell whether an object is nothing but ends with versions, as ``station: {since, before}``."""
    held = list(value.members())
    ends = {kind_of_name(name, inside=True) for name, _bound in held}
    versions = all(bound.kind == "string" and found(PLAIN, bound.text) for _name, bound in held)
    return bool(held) and versions and ends <= {"lower", "upper"}


def _spelled_as_range(name: str, value: Value) -> str:
    """Return ``range`` for a range beside the plugin's own version: whatever its name, it is about the host.

    What a plugin needs beside its host is kept in lists; of the host there is one: ``"kiosk": ">=5.1"``.
    """
    about_else = set(words(name)) & (_LANGUAGES | {"version", "schema", "manifest", "format", "license", "os"})
    return "range" if value.kind == "string" and found(_COMPARED, value.text) and not about_else else ""


def _engine(holder: str, name: str) -> str:
    """Return ``range`` for the engine that is not the language's own: ``engines: {"studio": "^3"}``."""
    return "range" if holder in ("engines", "engine") and name not in _LANGUAGES else ""


def _add(said: Bounds, name: str, value: Value, kind: str) -> None:
    if kind == "major" and value.kind == "string" and not found(r"^\s*v?\d+(\.\d+){0,2}\s*$", value.text):
        kind = "range"
    if kind == "range" and value.kind == "number":
        kind = "major"
    target = {"lower": said.lower, "upper": said.upper, "range": said.ranges, "major": said.majors}.get(kind)
    if target is not None:
        target.append((name, value))

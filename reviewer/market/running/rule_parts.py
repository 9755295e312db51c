"""Which files each rule depends on, so that a run can tell the rules that changed from those that didn't."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.regex import regex
from reviewer.engine.rules import ENGINE_RULES
from reviewer.experts import homes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PAGE: Final = regex(r"(?:skills|own\d+)/(?:.*/)?rules/([A-Z]{3,}[0-9]{3})-[^/]+\.md")
_CHECKS: Final = regex(r"(experts/.+)\.py")
_IMPORT: Final = regex(
    rb"^[ \t]*(?:from[ \t]+reviewer\.(experts[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)"
    rb"|import[ \t]+reviewer\.(experts[\w.]*))",
    re.MULTILINE,
)
_NAME: Final = regex(rb"\w+")
_MADE: Final = frozenset({"experts/index.json", "library/index.json", "skills/coverage.md"})
"""Made from the other files, so that nothing depends on them alone."""


class RuleParts(Struct, frozen=True):
    """Digests of what a review depends on, apart."""

    common: str
    """Of everything that several parts of this program share: parsers, facts, the engine, its tables."""
    rules: dict[str, str]
    """For each rule, of its page and of the files that only checks lead to: the same as long as it says the same."""


def rule_parts(files: Mapping[str, bytes], before: bytes) -> RuleParts:
    """Divide files, by name with their contents; ``before`` stands for what is no file.

    A file that a rule's check imports belongs to that rule, unless something besides checks needs it, too: then it
    is common, and a change of it is one for every rule.
    """
    modules = {found[1]: name for name in files if (found := _CHECKS.fullmatch(name))}
    leads = {name: _led(files[name], modules) for name in files if name.endswith(".py")}
    outside = [name for name in leads if name not in modules.values() or name.endswith("/__init__.py")]
    common = _reached(outside, leads)
    pages = {found[1]: name for name in files if (found := _PAGE.fullmatch(name)) and found[1] not in ENGINE_RULES}
    checks = {
        rule: [modules[place] for module in found if (place := _place(module)) in modules]
        for rule, found in homes().items()
    }
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    rules = {
        rule: _digest({page, *(_reached(checks.get(rule, ()), leads) - common)}, digests)
        for rule, page in pages.items()
    }
    alone = _reached([name for found in checks.values() for name in found], leads) - common
    rest = digests.keys() - alone - set(pages.values()) - _MADE
    return RuleParts(hashlib.sha256(before + _digest(rest, digests).encode()).hexdigest(), rules)


def _place(module: str) -> str:
    """Return the place of ``reviewer.experts.security.handing.isolation`` among the files, without its suffix."""
    return module.removeprefix("reviewer.").replace(".", "/")


def _led(content: bytes, modules: Mapping[str, str]) -> frozenset[str]:
    """Return the files of experts that a module imports, wherever in it that happens."""
    found: set[str] = set()
    for match in _IMPORT.finditer(content):
        place = (match[1] or match[3]).decode().replace(".", "/")
        named = (name.decode() for name in _NAME.findall(match[2] or b""))
        found.update(modules[one] for one in (place, *(f"{place}/{name}" for name in named)) if one in modules)
    return frozenset(found)


def _reached(names: Iterable[str], leads: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return files with all that they lead to."""
    reached = set(names)
    waiting = list(reached)
    while waiting:
        new = leads.get(waiting.pop(), frozenset()) - reached
        reached |= new
        waiting += new
    return frozenset(reached)


def _digest(names: Iterable[str], digests: Mapping[str, str]) -> str:
    whole = hashlib.sha256()
    for name in sorted(names):
        whole.update(f"{name}\0{digests[name]}\n".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()

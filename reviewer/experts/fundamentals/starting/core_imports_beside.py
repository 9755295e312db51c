"""FUN023: the core of a host imports out of the folder beside it that is named after its contract of plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.standing import Standing
from reviewer.code.syntax import Import
from reviewer.code.text.words import words
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.fundamentals.vocabulary import FOLDERS
from reviewer.experts.lifecycle.hooks.opposites import contract_hooks, interfaces, opposite_hooks
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CONTRACTS: Final = regex(rb"\bProtocol\b|\bABC\b|\binterface\b|\babstract\b")
_SHARED: Final = frozenset("shared common lib utils base types core testing".split())


def _guests(module: Module) -> frozenset[str]:
    """Return what the contracts of a file call their guests: ``driver`` of ``interface ValveDriver``."""
    contracts = [cls for cls in interfaces(module) if cls.module is module and cls.name]
    return frozenset(words(one.name)[-1] for one in contracts if opposite_hooks(one) or contract_hooks(one))


_GUESTS: Final = Standing("fundamentals.guests of contracts", _guests, showing=_CONTRACTS.search)


@module_check("FUN023")
def core_imports_beside(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what a file imports out of another folder at the top: ``../drivers/tape/settings.js`` in ``src/``."""
    if inquiry.subject.kind != "host" or module.is_test or is_tooling(module.path):
        return
    own = module.path.split("/")
    for statement in module.all(Import):
        if len(own) < 2 or (statement.names and all(name.type_only for name in statement.names)):
            continue
        parts = inquiry.project.target(module.path, statement.source).split("/")
        if len(parts) < 3 or parts[0] == own[0] or parts[0].lower() in FOLDERS or not parts[0].endswith("s"):
            continue
        said = words(parts[0])
        if set(words(parts[1])) & _SHARED or not said or said[-1].removesuffix("s") not in _named(inquiry):
            continue
        yield Match(
            statement,
            f"The core imports '{'/'.join(parts)}' out of the folder of one plugin: it can't be built, started or "
            "tested without it, and the plugin can't be updated or removed by itself.",
        )


def _named(inquiry: Inquiry) -> frozenset[str]:
    kept = inquiry.memory.get("fundamentals.guests")
    if not isinstance(kept, frozenset):
        told = list(_GUESTS.of(inquiry.project))
        kept = inquiry.memory["fundamentals.guests"] = frozenset[str]().union(*told)
    return kept

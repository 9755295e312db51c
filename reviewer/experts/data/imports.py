"""Rules of kind ``import``: modules that a file imports, in whatever form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Export, Import, Literal
from reviewer.experts.check import Inquiry, Match, Registered
from reviewer.experts.data.messages import fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.core.rule import Rule

_IMPORTERS: Final = frozenset({"require", "import", "__import__", "import_module"})
_MOST_SITES: Final = 2000
"""Places of one file that are looked at."""


def import_check(rule: Rule) -> Registered:
    """Make the check of a rule of kind ``import``; an import of a part (``vm2/lib``) is one of the module."""
    match = rule.match or {}
    wanted = tuple(match["modules"])
    message = str(match["message"])
    pattern = re.compile(b"|".join(re.escape(name.encode()) for name in wanted))

    def check(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
        seen: set[int] = set()
        for count, hit in enumerate(pattern.finditer(module.source)):
            if count >= _MOST_SITES:
                return
            for node in module.covering(hit.start()):
                if id(node) in seen:
                    continue
                named = _imported(node)
                name = next((name for name in wanted if any(_is_of(one, name) for one in named)), None)
                if name is not None:
                    seen.add(id(node))
                    yield Match(node, fill(message, {"module": name}))

    return Registered(rule.id, frozenset(), check, None)


def _imported(node: Node) -> set[str]:
    """Return the modules that a node imports, as they are written; types alone don't count."""
    if isinstance(node, Import):
        return {name.source for name in node.names if not name.type_only} if node.names else {node.source}
    if isinstance(node, Export):
        return {node.source} if node.source else set()
    if isinstance(node, Call) and node.name in _IMPORTERS:
        source = node.arg(0)
        if isinstance(source, Literal) and isinstance(source.value, str):
            return {source.value}
    return set()


def _is_of(imported: str, wanted: str) -> bool:
    name = imported.removeprefix("node:")
    return name == wanted or name.startswith((f"{wanted}/", f"{wanted}."))

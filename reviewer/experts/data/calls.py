"""Rules of kind ``call``: calls of named functions, whatever they are called in the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from reviewer.code.scope import imported_name
from reviewer.code.syntax import Assign, Call, Expr, Import, Name, Object, Spread
from reviewer.core.regex import regex
from reviewer.experts.check import Inquiry, Match, Registered
from reviewer.experts.data.arguments import holds
from reviewer.experts.data.messages import fill, short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from reviewer.code.module import Module
    from reviewer.core.rule import Rule

_MOST_ALIASES: Final = 50
"""Further names of one function that are followed in one file."""
_MOST_SITES: Final = 2000
"""Places of a name in one file that are searched for aliases."""
_CALLED: Final = regex(rb"([A-Za-z_$][\w$]*)\s*(?:\?\.\s*)?\(")


class _Names:
    """The dotted names of one rule."""

    def __init__(self, names: list[str]) -> None:
        self.exact = frozenset(name for name in names if not name.endswith(".*"))
        self.prefixes = tuple(name[:-1] for name in names if name.endswith(".*"))
        self.last = frozenset(_last(name) for name in self.exact)
        self.holders = frozenset(_last(prefix[:-1]) for prefix in self.prefixes)
        """Last segments of what a wildcard's members are taken from."""

    def mean(self, resolved: str) -> bool:
        return bool(resolved) and (resolved in self.exact or resolved.startswith(self.prefixes or ("\x00",)))


def call_check(rule: Rule) -> Registered:
    """Make the check of a rule of kind ``call``."""
    match = rule.match or {}
    names = _Names(list(match["names"]))
    conditions: list[Mapping[str, Any]] = list(match.get("where", ()))
    message = str(match["message"])

    def check(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
        for call in _calls(module, names):
            resolved = module.resolve(call.callee)
            if not names.mean(resolved):
                continue
            arguments = [_argument(module, call, condition) for condition in conditions]
            if not all(
                holds(module, condition, argument) for condition, argument in zip(conditions, arguments, strict=True)
            ):
                continue
            shown = next((argument for argument in arguments if argument is not None), call.arg(0))
            values = {
                "callee": resolved,
                "argument": short(module.text_of(shown)) if shown is not None else "",
            }
            yield Match(call, fill(message, values))

    return Registered(rule.id, frozenset(), check, None)


def _calls(module: Module, names: _Names) -> Iterator[Call]:
    """Yield the calls that may be of a wanted function: by its own name, or by a name it was given."""
    wanted = names.last & module.identifiers
    through = names.holders & module.identifiers
    if not wanted and not through:
        return
    called = set(wanted) | _aliases(module, wanted, names.mean)
    if through:
        called.update(name.decode() for name in set(_CALLED.findall(module.source)))
    yield from module.calls(called)


def _aliases(module: Module, last: frozenset[str], mean: Callable[[str], bool]) -> set[str]:
    """Return the other names that a file gives to wanted functions by import or assignment."""
    found: set[str] = set()
    if not last:
        return found
    words = b"|".join(re.escape(name.encode()) for name in sorted(last))
    pattern = re.compile(rb"(?<![\w$])(?:" + words + rb")(?![\w$])")
    for count, hit in enumerate(pattern.finditer(module.source)):
        if count >= _MOST_SITES or len(found) >= _MOST_ALIASES:
            break
        for node in module.covering(hit.start()):
            if isinstance(node, Import):
                found.update(name.local for name in node.names if mean(imported_name(name)))
            elif isinstance(node, Assign) and isinstance(node.target, Name) and mean(module.resolve(node.value)):
                found.add(node.target.id)
    return found - last


def _argument(module: Module, call: Call, condition: Mapping[str, Any]) -> Expr | None:
    """Return the argument that a condition means, or None where it is not given.

    JavaScript has no keyword arguments: there ``keyword`` is a property of an options object.
    """
    keyword = str(condition.get("keyword", ""))
    position = condition.get("argument", -1)
    spread = next((arg for arg in call.args[: position + 1] if isinstance(arg, Spread)), None)
    if spread is not None:
        return spread
    found = call.arg(position, keyword)
    if found is None and keyword and module.language != "python":
        for arg in reversed(call.args):
            options = module.scopes.origin(arg)
            value = options.get(keyword) if isinstance(options, Object) else None
            if value is not None:
                return value
    return found


def _last(name: str) -> str:
    """Return the last part of a dotted name; of a module's name as it would be bound."""
    return re.split(r"[./:]", name)[-1]

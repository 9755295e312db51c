"""Where the version that those get who ask for none is replaced by a higher one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Conditional, Expr, If, Index, Member, Name, Node, Return, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.paths import last_words, said_in
from reviewer.experts.registry.choosing_versions.choosing import NEWEST, Ordering
from reviewer.experts.registry.vocabulary import VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_POINTERS: Final = NEWEST | frozenset({"current", "tip", "tips", "head", "heads", "recommended", "default"})
"""Words of what says which version those get who ask for none."""
_GREATER: Final = frozenset({"gt", "gte", "lt", "lte", "newer", "higher", "greater"})
"""Words of functions that compare two versions and say yes or no."""


def moved_pointers(module: Module) -> Iterator[Ordering]:
    """Yield where the version that counts as the newest is replaced by a higher one that came.

    ``if compare(version, latest) > 0: newest[name] = version``, and ``entry.latest = max(entry.latest, version)``.
    """
    for test in module.all(If):
        call = next((one for one in find(test.test, Call) if len(one.args) == 2 or _reads_version(one)), None)
        if call is None or not said_in(test.test) & VERSIONS or not _weighs(test.test):
            continue
        function = function_of(test)
        if function is None or not any(_is_pointer(one) for one in _asked_of(module, test.test)):
            continue
        later = [*test.body, *test.orelse] if not _leaves(test) else function.body
        if any(_is_pointer_write(one) and one.start > test.start for one in walk(later)):
            yield Ordering(call, call.args[0], call, test.test, function)
    for call in module.calls(("max",)):
        kept = call.parent
        if isinstance(kept, Assign) and len(call.args) == 2 and call.keywords.get("key") and _is_pointer(kept.target):
            yield Ordering(call, call.args[0], call.keywords["key"], call, function_of(call))
    for choice in module.all(Conditional):
        call = next((one for one in find(choice.test, Call) if len(one.args) == 2), None)
        asked = {id(strip(one)) for one in (choice.then, choice.other) if _is_pointer(one)}
        if call is not None and len(asked) == 1 and said_in(choice) & VERSIONS and _weighs(choice.test):
            yield Ordering(call, call.args[0], call, choice.test, function_of(choice))


def _is_pointer(expr: Node) -> bool:
    """Tell whether something is called the newest of several."""
    name: Node | None = expr.receiver if isinstance(expr, Call) else expr
    name = strip(name) if isinstance(name, Expr) else None
    if isinstance(name, Index):
        name = name.object
    return isinstance(name, Name | Member) and bool(_POINTERS & set(last_words(name)))


def _asked_of(module: Module, test: Expr) -> Iterator[Node]:
    """Yield the names in a test and what they were read from."""
    for name in walk(test):
        if isinstance(name, Name | Member):
            yield name
            made = module.scopes.origin(name)
            if isinstance(made, Call | Index):
                yield made


def _weighs(test: Expr) -> bool:
    """Tell whether a test compares two versions: by a sign, or by a function whose name says so."""
    signs = any(node.op in (">", "<", ">=", "<=") for node in find(test, Binary))
    return signs or any(_GREATER & set(words(call.name)) for call in find(test, Call))


def _reads_version(call: Call) -> bool:
    return len(call.args) == 1 and bool(set(words(call.name)) & VERSIONS)


def _leaves(test: If) -> bool:
    return bool(test.body) and isinstance(test.body[-1], Return)


def _is_pointer_write(node: Node) -> bool:
    if isinstance(node, Assign):
        return _is_pointer(node.target)
    return isinstance(node, Call) and node.name == "set" and len(node.args) == 2 and _is_pointer(node)

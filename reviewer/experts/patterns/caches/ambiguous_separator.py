"""PAT010: ids are parted by a sign that their own patterns let them contain."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.syntax import Array, Binary, Call, Expr, Function, Literal, Member, Name, Template, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found
from reviewer.experts.fundamentals.pattern_texts import text_of
from reviewer.experts.patterns.caches.ambiguous_key import KEYS, is_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_WHOLE: Final = frozenset({"fullmatch"})
_TESTS: Final = _WHOLE | {"test", "match", "exec"}
_SIDES: Final = ("ab", "a1b2", "Ab", "AB", "12", "abcdefgh")
"""Texts of which ids may be made, on both sides of the sign."""
_LONGEST: Final = 2
"""Signs of what stands between two parts of a key."""
_LONGEST_PATTERN: Final = 400


@module_check("PAT010", words=KEYS | {"join"})
def ambiguous_separator(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each key that is put together of parts for a sign between them that two of the parts may hold."""
    if module.is_test:
        return
    for node in module.some(Template, Binary, Call):
        parts = _parts(node)
        if len(parts) < 2 or not is_key(node):
            continue
        sign = parts[0][1]
        loose = [part for part, _sign in parts if sign and _may_hold(module, part, sign)]
        last = parts[-1][0]
        if loose and last not in loose and isinstance(strip(last), Name) and not any(_patterns(module, last)):
            loose.append(last)  # no pattern at all: it may hold anything
        if len(loose) > 1:
            first, second = (short(module.text_of(part)) for part in loose[:2])
            yield Match(
                node,
                f"'{sign}' parts '{first}' from '{second}', and both may contain it: two different pairs give the "
                "same key.",
                fix="Part them by a sign that their patterns refuse, or use a tuple or JSON.stringify([a, b]).",
            )


def _parts(node: Node) -> list[tuple[Expr, str]]:
    """Return the parts of a text that all stand apart by one short sign, each with that sign."""
    if isinstance(node, Call):
        return _joined(node) if node.name == "join" else []
    if isinstance(node, Binary) and (node.op != "+" or (isinstance(node.parent, Binary) and node.parent.op == "+")):
        return []
    items = node.items if isinstance(node, Template) else _summands(node) if isinstance(node, Binary) else []
    holes = [at for at, item in enumerate(items) if not isinstance(item, Literal)]
    signs = {
        str(item.value) if isinstance(item := items[at + 1], Literal) and later == at + 2 else ""
        for at, later in pairwise(holes)
    }
    sign = next(iter(signs)) if len(signs) == 1 else ""
    return [(items[at], sign) for at in holes] if 0 < len(sign) <= _LONGEST and not sign.isalnum() else []


def _summands(node: Binary) -> list[Expr]:
    left = _summands(node.left) if isinstance(node.left, Binary) and node.left.op == "+" else [node.left]
    return [*left, node.right]


def _joined(call: Call) -> list[tuple[Expr, str]]:
    given, holder = call.arg(0), call.receiver
    listed, between = (holder, given) if isinstance(holder, Array) else (given, holder)
    sign = str(between.value) if isinstance(between, Literal) and isinstance(between.value, str) else ""
    if not isinstance(listed, Array) or not 0 < len(sign) <= _LONGEST or sign.isalnum():
        return []
    return [(item, sign) for item in listed.items]


def _may_hold(module: Module, part: Expr, sign: str) -> bool:
    """Tell whether the pattern that a part of a key is held against lets it contain a sign."""
    pattern = next(_patterns(module, part), "")
    if not pattern or len(pattern) > _LONGEST_PATTERN:
        return False
    import re2

    try:
        return any(found(pattern, f"{side}{sign}{side}") for side in _SIDES)
    except re2.error:
        return False


def _patterns(module: Module, part: Expr) -> Iterator[str]:
    """Yield the patterns that a part is held against: by what it comes from, or by its function before."""
    part = strip(part)
    function = function_of(part)
    if isinstance(part, Call):
        checking = callee(module, part)
        if checking is not None and len(part.args) == 1 and checking.params:
            yield from _tested(checking, checking.params[0].name)
        return
    if not isinstance(part, Name | Member) or function is None:
        return
    spelled = module.text_of(part)
    around = function.outer
    while around is not None:  # what the function around it was told, and has looked at
        yield from _tested(around, spelled)
        around = around.outer
    yield from _tested(function, spelled)
    for call in find(function.body, Call, into_functions=False):
        if len(call.args) == 1 and module.text_of(call.args[0]) == spelled:
            checking = callee(module, call)
            if checking is not None and checking.params:
                yield from _tested(checking, checking.params[0].name)


def _tested(function: Function, spelled: str) -> Iterator[str]:
    """Yield the patterns that a function holds something against."""
    module = function.module
    for call in find(function.body, Call, into_functions=False):
        if call.name not in _TESTS or call.receiver is None:
            continue
        texts = [module.text_of(arg) for arg in call.args]
        if spelled in texts:  # SLUG.test(id), re.fullmatch(SLUG, id)
            pattern = text_of(module, call.args[0] if len(texts) > 1 and texts[1] == spelled else call.receiver)
        elif module.text_of(call.receiver) == spelled and call.args:  # id.match(SLUG)
            pattern = text_of(module, call.args[0])
        else:
            continue
        if pattern:
            yield rf"^(?:{pattern})$" if call.name in _WHOLE else pattern

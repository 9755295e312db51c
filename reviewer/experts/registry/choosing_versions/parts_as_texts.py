"""REG021: versions are put in order by their parts as they are written, and 10 comes before 9 as a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Binary, Call, Function, Index, Literal, Name, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.registry.choosing_versions.choosing import orderings
from reviewer.experts.registry.choosing_versions.text_order import is_version
from reviewer.experts.registry.vocabulary import VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


_COMPARES: Final = frozenset({"newer", "older", "compare", "cmp", "latest", "newest", "higher", "greater", "later"})
"""Words of functions that say which of two versions is the newer one."""
_NUMBERS: Final = frozenset({"Number", "parseInt", "parseFloat", "int", "float", "BigInt", "localeCompare", "padStart"})


@module_check("REG021", words=VERSIONS)
def parts_as_texts(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the key of each order of versions for parts that nobody made numbers of."""
    if module.is_test or module.language != "python":
        return
    spoken: set[int] = set()
    for ordering in orderings(module):
        by = strip(ordering.by) if ordering.by is not None else None
        function = by if isinstance(by, Function) else definition(module, by) if by is not None else None
        for answer in returns_of(function) if isinstance(function, Function) else ():
            value = strip(answer.value) if answer.value is not None else None
            if isinstance(value, Call) and _splits(value) and id(value) not in spoken:
                spoken.add(id(value))
                yield Match(
                    value,
                    f"'{short(module.text_of(value))}' puts versions in order part by part as texts: 1.10.0 comes "
                    "before 1.9.0.",
                    related=((ordering.call, "put in order here"),) if ordering.call.line != value.line else (),
                )


@module_check("REG021", words=VERSIONS)
def part_by_part(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at comparisons of one part with the other's that nobody made a number of: ``x[i] > y[i]`` after a split."""
    if module.is_test:
        return
    for node in module.all(Binary):
        left, right = strip(node.left), strip(node.right)
        if node.op not in ("<", ">", "<=", ">=") or not isinstance(left, Index) or not isinstance(right, Index):
            continue
        function = function_of(node)
        same = module.text_of(left.key) == module.text_of(right.key) and not isinstance(strip(left.key), Literal)
        named = isinstance(strip(left.object), Name) and isinstance(strip(right.object), Name)
        if function is None or not same or not named or not _parts_of_texts(module, function):
            continue
        said = set(words(function.name)) | {word for param in function.params for word in words(param.name)}
        yield Match(
            node,
            f"'{short(module.text_of(node))}' compares the parts of two versions as texts: 10 comes before 9.",
            confidence=None if said & (VERSIONS | _COMPARES) else Confidence.POSSIBLE,
        )


def _parts_of_texts(module: Module, function: Function) -> bool:
    """Tell whether a function takes texts apart at their dots, and makes a number of none of the parts."""
    splits = any(
        call.name == "split" and call.args and isinstance(sign := strip(call.args[0]), Literal) and sign.value == "."
        for call in find(function.body, Call)
    )
    if not splits:
        return False
    named = {name.id for name in find(function.body, Name)} | {call.name for call in find(function.body, Call)}
    signs = (one for one in find(function.body, Unary) if one.op == "+")
    return not named & _NUMBERS and next(signs, None) is None and "Number" not in module.text_of(function)


def _splits(value: Call) -> bool:
    """Tell whether a key is the parts of a version as they are written: ``tuple(one.version.split("."))``."""
    if value.name in ("tuple", "list") and value.receiver is None and len(value.args) == 1:
        inner = strip(value.args[0])
        return isinstance(inner, Call) and _splits(inner)
    return value.name == "split" and value.receiver is not None and is_version(value.receiver)

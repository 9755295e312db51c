"""REG027, third part: of several releases that fit, the lowest is taken, by an order that runs the other way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Expr, Function, Index, Literal, Member, Name, Return, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import said_in, word_set
from reviewer.experts.registry.choosing_versions.choosing import NEWEST, orderings
from reviewer.experts.registry.vocabulary import VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry
    from reviewer.experts.registry.choosing_versions.choosing import Ordering

_FITS: Final = word_set("satisfies satisfy fits fit matches match contains allows within intersects")
_CHOOSES: Final = NEWEST | word_set("best pick choose select resolve candidate upgrade update")
_LOWEST: Final = word_set(
    "oldest lowest minimal minimum min floor first earliest smallest least downgrade rollback back old expired prune "
    "evict sweep cleanup stale remove drop discard"
)
"""Words of code that looks for the lowest on purpose."""
_TURNS: Final = frozenset({"reverse", "toReversed", "reversed"})
_FIRST: Final = frozenset({"shift", "first"})
_LAST: Final = frozenset({"pop", "last"})


@module_check("REG027", words=VERSIONS | {"semver"})
def lowest_that_fits(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each order of versions of which an end is taken for the end that is taken."""
    if module.is_test:
        return
    for ordering in orderings(module):
        who = ordering.chooser or ordering.function
        while who is not None and not who.name and who.outer is not None:
            who = who.outer
        if who is None or ordering.taken is None or set(words(who.name)) & _LOWEST:
            continue
        said = said_in(who.body)
        if not (set(words(who.name)) & _CHOOSES or said & _FITS) or said & _LOWEST - {"first"}:
            continue
        if _takes_lowest(module, ordering):
            chained = ordering.by is not None and inside(ordering.call, ordering.taken)
            yield Match(
                ordering.by if chained and ordering.by is not None else ordering.taken,
                f"'{short(module.text_of(ordering.by or ordering.call))}' puts the lowest version at the end that is "
                "taken: users stay on the oldest release that fits, with its known holes.",
                fix="Turn the order round, or take its other end.",
            )


def _takes_lowest(module: Module, ordering: Ordering) -> bool:
    ascending = _ascends(module, ordering)
    first = _takes_first(ordering)
    if ascending is None or first is None:
        return False
    parts = [] if ordering.taken is None else list(find(ordering.taken, Call))
    turned = any(isinstance(one, Call) and one.name in _TURNS for one in (*parts, *ancestors(ordering.call)))
    return (ascending != turned) == first


def _ascends(module: Module, ordering: Ordering) -> bool | None:
    """Tell whether an order begins with the lowest; None where that can't be told."""
    call, by = ordering.call, strip(ordering.by) if ordering.by is not None else None
    if call.name in ("sorted", "sort") and module.language == "python":
        turned = call.keywords.get("reverse")
        if turned is None:
            return True if by is None or not isinstance(by, Function) or not _negates(by) else None
        return isinstance(turned, Literal) and not turned.value
    if call.name not in ("sort", "toSorted", "rsort"):
        return None
    if isinstance(by, Member | Name):
        said = set(words(by.name if isinstance(by, Member) else by.id))
        if by is call.callee:
            return not said & {"rsort"}
        return "rcompare" not in said if said & {"compare", "rcompare"} else None
    return _compares(by) if isinstance(by, Function) else None


def _negates(by: Function) -> bool:
    return next(find(by.body, Unary), None) is not None


def _compares(by: Function) -> bool | None:
    """Tell whether a comparator puts the lower of two first: ``(a, b) => compare(a.version, b.version)``."""
    answer = by.body[-1] if by.body else None
    value = strip(answer.value) if isinstance(answer, Return) and answer.value is not None else None
    if len(by.params) != 2 or value is None:
        return None
    one, other = by.params[0].name, by.params[1].name
    if isinstance(value, Call) and len(value.args) == 2 and set(words(value.name)) & {"compare", "rcompare", "cmp"}:
        sides = [names_in(arg) for arg in value.args]
    elif isinstance(value, Binary) and value.op == "-":
        sides = [names_in(value.left), names_in(value.right)]
    else:
        return None
    if one in sides[0] and other in sides[1]:
        straight = True
    elif other in sides[0] and one in sides[1]:
        straight = False
    else:
        return None
    return straight != (isinstance(value, Call) and bool(set(words(value.name)) & {"rcompare"}))


def _takes_first(ordering: Ordering) -> bool | None:
    """Tell whether the first of an order is taken; None where that can't be told."""
    taken: Node | None = ordering.taken
    if isinstance(taken, Index):
        return _is_first(taken.key)
    if isinstance(taken, Call) and taken is not ordering.call:
        if taken.name == "at" and taken.args:
            return _is_first(taken.args[0])
        return True if taken.name in _FIRST else False if taken.name in _LAST else None
    return None


def _is_first(key: Expr) -> bool | None:
    key = strip(key)
    if isinstance(key, Literal) and isinstance(key.value, int):
        return True if key.value == 0 else False if key.value == -1 else None
    if isinstance(key, Unary) and key.op == "-":
        return False
    return False if isinstance(key, Binary) and key.op == "-" else None

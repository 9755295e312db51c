"""API005: both ends of a range and what shall lie between them are put in order as texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type
from reviewer.code.syntax import Array, Call, Expr, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.api.vocabulary import HOSTS, LOWER, UPPER, spelled
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.values import value_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FLOORS: Final = LOWER | frozenset("since first low lowest oldest floor start from".split())
_CEILINGS: Final = UPPER | frozenset("until to last high highest newest ceiling end below".split())
_RELEASES: Final = HOSTS | frozenset("version release firmware engine semver".split())
_DECIDES: Final = frozenset("fits compatible compat satisfies supports supported version versions range".split())
_TEXTS: Final = frozenset({"", "string", "str"})
_SORTS: Final = ("sort", "toSorted", "sorted")


@module_check("API005", words=_FLOORS)
def bounds_in_order(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list of a lower end, a release and an upper end that is put in order without saying how."""
    if module.is_test:
        return
    for call in module.calls(_SORTS):
        listed = _listed(call)
        if listed is None or len(listed) < 3 or not all(isinstance(one, Name | Member) for one in listed):
            continue
        said = [set(words(spelled(one))) for one in listed]
        ends = any(one & _FLOORS for one in said) and any(one & _CEILINGS for one in said)
        between = any(one & _RELEASES and not one & (_FLOORS | _CEILINGS) for one in said)
        function = function_of(call)
        decides = function is not None and bool(set(words(function.name)) & _DECIDES)
        if ends and (between or decides) and all(_may_be_text(module, one) for one in listed):
            yield Match(
                call,
                f"'{short(module.text_of(call))}' puts versions in order as texts: '9.4.0' comes behind '15.2.0'.",
            )


def _listed(call: Call) -> list[Expr] | None:
    """Return the items of a list that is put in order as they come: ``[low, host, high].sort()``."""
    if call.name == "sorted":
        alone = len(call.args) == 1 and "key" not in call.keywords
        made = strip(call.args[0]) if alone else None
    else:
        made = strip(call.receiver) if call.receiver is not None and not call.args and not call.keywords else None
    return [strip(item) for item in made.items] if isinstance(made, Array) else None


def _may_be_text(module: Module, one: Expr) -> bool:
    return (declared_type(module, one) or value_type(module, one)).strip() in _TEXTS

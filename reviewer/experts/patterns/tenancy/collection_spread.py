"""PAT004: what is made for one tenant takes over a collection of the record that it is copied from: all share it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Call, Literal, Object, Param, strip
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.tenancy.merges import merges
from reviewer.experts.patterns.vocabulary import FIRM_TENANTS, TENANTS, names_tenant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.tenancy.merges import Merge

_COLLECTIONS: Final = frozenset({"Map", "Set", "Array", "dict", "set", "list", "defaultdict", "OrderedDict", "deque"})


@module_check("PAT004", words=TENANTS | FIRM_TENANTS)
def collection_spread(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each copy that says whose it is for collections of the original that it takes over as they are."""
    if module.is_test:
        return
    for merge in merges(module):
        function = function_of(merge.at)
        if function is None or not _says_whose(module, merge):
            continue
        shared = next((one for one in _collections(module, merge, function) if one[0] not in merge.entries), None)
        if shared is not None:
            yield Match(
                merge.at,
                f"The copy takes over '{shared[0]}' of '{short(module.text_of(merge.base))}' as it is: it is one "
                "collection, in which what is kept for one tenant is there for all.",
                related=((shared[1], "made once, here"),),
            )


def _says_whose(module: Module, merge: Merge) -> bool:
    """Tell whether a copy gets a member for the tenant, whom a function is told."""
    return any(
        names_tenant(name) and any(isinstance(feed.root, Param) for feed in feeds(module, value))
        for name, value in merge.entries.items()
    )


def _collections(module: Module, merge: Merge, function: Function) -> Iterator[tuple[str, Expr]]:
    """Yield the empty collections that the original was made with, outside of the function that copies it."""
    made = module.scopes.origin(merge.base)
    if isinstance(made, Object):
        members = [(str(key.value), value) for key, value in made.entries if isinstance(key, Literal)]
    elif isinstance(made, Call) and (made.new or made.name[:1].isupper()):
        members = list(made.keywords.items())
    else:
        return
    if function_of(made) is function:
        return
    yield from ((name, value) for name, value in members if _is_collection(value))


def _is_collection(value: Expr) -> bool:
    """Tell whether a value is a collection that is empty, and so there to be filled."""
    held = strip(value)
    if isinstance(held, Array):
        return not held.items
    if isinstance(held, Object):
        return not held.entries and not held.spreads
    if not isinstance(held, Call) or held.name not in _COLLECTIONS:
        return False
    return all(isinstance(strip(one), Literal) for one in held.args)

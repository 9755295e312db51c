"""PAT011: a class of caches that takes entries in and lets none out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Call, Class, Function, Member, Name
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.vocabulary import FIRM_CACHES
from reviewer.experts.told_only import is_weighed

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table

_PUTS: Final = frozenset({"set", "put", "add", "store", "remember", "save", "insert", "write", "__setitem__"})
_ANY_KEY: Final = word_set(
    "key k cachekey query search url uri text input hash digest expression args arguments params request question "
    "filter"
)
"""Names of a key of which there may be any number."""
_LETS_OUT: Final = frozenset("delete clear pop expire ttl".split())
"""Words of what takes entries out, be it only the one that is asked for again when its time is over."""
_BOUNDS: Final = _LETS_OUT | frozenset(
    "evict prune trim popitem sweep size length max limit capacity len maxsize".split()
)

_COUNTS: Final = frozenset({"size", "length", "len"})
"""Words of how much there is, which bounds nothing where it is only told: ``get size() { return this.kept.size; }``."""
_KEY_AND_VALUE: Final = 2
_WEAK: Final = frozenset({"WeakMap", "WeakValueDictionary", "LRUCache", "TTLCache"})


@module_check("PAT011", words=FIRM_CACHES)
def cache_class_unbounded(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class or function that makes what is called a cache for something that ever takes an entry out."""
    if module.is_test:
        return
    for table in tables(module):
        home = table.owner if table.owner is not None else table.scope
        if home is None or table.kind != "map" or not set(words(home.name)) & FIRM_CACHES:
            continue
        put = next((one for one in table.of("write") if _of(home, one.function)), None)
        if put is None or put.function is None or put.function.name not in _PUTS or not put.function.params:
            continue
        said = {word for member in find(home, Member) for word in words(member.name)}
        said |= {word for call in find(home, Call) for word in words(call.name)}
        methods = home.methods if isinstance(home, Class) else [home]
        said |= {word for method in methods for param in method.params for word in words(param.name)}
        said -= set() if _compares_size(home) else _COUNTS
        again = _lets_out_the_asked_alone(table)
        bounds = _BOUNDS - _LETS_OUT if again else _BOUNDS
        if said & bounds or not _asked_with_anything(put.function):
            continue
        made = getattr(table.declared, "value", None)
        if isinstance(made, Call) and made.name in _WEAK:
            continue
        leaves = "an entry leaves only when it is asked for again" if again else "nothing takes an entry out"
        yield Match(
            put.node,
            f"'{home.name}' keeps everything that is ever put in under '{_key_of(put)}', and {leaves}: "
            "it grows as long as the host runs.",
            related=((table.declared, "kept in this"),),
        )


def _key_of(put: Access) -> str:
    """Return what a value is kept under, as it is written."""
    if put.key is None or put.function is None:
        return ""
    return short(put.function.module.text_of(put.key))


def _compares_size(home: Class | Function) -> bool:
    """Tell whether something in it hangs on how much there is."""
    sizes = [one for one in find(home, Member) if one.name in ("size", "length")]
    return any(map(is_weighed, [*sizes, *(one for one in find(home, Call) if one.name == "len")]))


def _asked_with_anything(put: Function) -> bool:
    """Tell whether a function that keeps a value, its last parameter, does so under what anybody may ask with."""
    asked = put.params[:-1] if len(put.params) > _KEY_AND_VALUE else put.params[:1]
    return any(set(words(param.name)) & _ANY_KEY for param in asked)


def _of(home: Class | Function, function: Function | None) -> bool:
    """Tell whether a function is a method of a class without a base, or stands in the function that makes the thing."""
    if isinstance(home, Class):
        bases = [one for one in home.bases if not home.module.text_of(one).startswith(("Generic[", "typing.Generic["))]
        return not bases and function is not None and function.owner is home
    return function is not None and function.outer is home


def _lets_out_the_asked_alone(table: Table) -> bool:
    """Tell whether an entry leaves only when somebody asks for it again, and finds that its time is over.

    What nobody asks for twice stays, unless everything is thrown away at once.
    """
    leaves = table.of("delete")
    return (
        bool(leaves)
        and all(_is_asked_for(table, one) for one in leaves)
        and all(one.function is not None and not list(conditions(one.node)) for one in table.of("clear"))
    )


def _is_asked_for(table: Table, access: Access) -> bool:
    """Tell whether what is taken out is what the function is asked for, and gives where it is still fresh."""
    function, key = access.function, access.key
    if function is None or not isinstance(key, Name) or key.id not in {param.name for param in function.params}:
        return False
    return bool(list(conditions(access.node))) and any(
        read.function is function and isinstance(read.key, Name) and read.key.id == key.id for read in table.of("read")
    )

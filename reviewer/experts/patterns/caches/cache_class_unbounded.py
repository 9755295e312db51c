"""PAT011: a class of caches that takes entries in and lets none out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Member
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.vocabulary import FIRM_CACHES

if TYPE_CHECKING:
    from reviewer.code.module import Module

_PUTS: Final = frozenset({"set", "put", "add", "store", "remember", "save", "insert", "write"})
_ANY_KEY: Final = word_set("key k cachekey query search url uri text input hash digest expression args params request")
"""Names of a key of which there may be any number."""
_BOUNDS: Final = frozenset(
    "delete clear evict prune trim pop popitem expire sweep size length max limit ttl capacity len maxsize".split()
)

_WEAK: Final = frozenset({"WeakMap", "WeakValueDictionary", "LRUCache", "TTLCache"})


@module_check("PAT011", words=FIRM_CACHES)
def cache_class_unbounded(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class that is called a cache for something that ever takes an entry out."""
    if module.is_test:
        return
    for table in tables(module):
        cls = table.owner
        if cls is None or table.kind != "map" or not set(words(cls.name)) & FIRM_CACHES or cls.bases:
            continue
        put = next((one for one in table.of("write") if one.function is not None and one.function.owner is cls), None)
        if put is None or put.function is None or put.function.name not in _PUTS or not put.function.params:
            continue
        said = {word for member in find(cls, Member) for word in words(member.name)}
        said |= {word for call in find(cls, Call) for word in words(call.name)}
        said |= {word for method in cls.methods for param in method.params for word in words(param.name)}
        if said & _BOUNDS or not set(words(put.function.params[0].name)) & _ANY_KEY:
            continue
        made = getattr(table.declared, "value", None)
        if isinstance(made, Call) and made.name in _WEAK:
            continue
        yield Match(
            put.node,
            f"'{cls.name}' keeps everything that is ever put in under '{put.function.params[0].name}', and nothing "
            "takes an entry out: it grows as long as the host runs.",
            related=((table.declared, "kept in this"),),
        )

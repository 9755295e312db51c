"""PAT010: a cache finds its entries by two texts of the caller that follow each other with nothing between them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type
from reviewer.code.syntax import Assign, Binary, Call, Index, Member, Name, Param, Template, strip
from reviewer.code.tables import tables
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.patterns.caches.ambiguous_key import is_key
from reviewer.experts.patterns.vocabulary import PLUGINS, PRINCIPALS, TENANTS, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_KEY: Final = frozenset({"key", "cachekey", "memo", "lookup"})
_JOINTS: Final = word_set(
    "prefix suffix separator sep delimiter base root path url uri host origin protocol scheme dir folder directory "
    "extension ext ending sign hash salt digest uuid random year month day hour minute second length size count index "
    "offset number num int bits flag flags mode kind port indent padding space secret token signature query search "
    "file filename postfix head tail start end namespace ns quote at"
)
"""Words of what ends by itself, has one length, or is the joint between two others."""
_IDS: Final = TENANTS | PRINCIPALS | PLUGINS
_NUMBERS: Final = frozenset({"number", "int", "bigint", "boolean", "bool"})
_TABLE_CALLS: Final = frozenset({"get", "set", "has", "delete", "pop", "setdefault"})


@module_check("PAT010", words={"key", "cache", "memo", "map"})
def joined_parameters(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each text of nothing but parts that is the key of a table of the file."""
    if module.is_test:
        return
    texts: list[Template | Binary] = [*module.all(Template), *module.all(Binary)]
    for text in texts:
        parts = _parts(text)
        if not parts or not is_key(text) or not _of_table(module, text):
            continue
        for first, second in pairwise(parts):
            if _is_any_text(module, first) and _is_any_text(module, second) and not _named_ids(first, second):
                one, other = (short(module.text_of(part)) for part in (first, second))
                yield Match(
                    text,
                    f"'{one}' and '{other}' follow each other with nothing between them: 'ab' + 'c' and 'a' + 'bc' are "
                    "the same key.",
                )
                break


def _parts(text: Template | Binary) -> list[Expr]:
    """Return the parts of a text that has nothing written between them; names alone may as well be numbers."""
    if isinstance(text, Template):
        return list(text.items) if len(text.holes) == len(text.items) else []
    if text.op != "+" or isinstance(text.parent, Binary):
        return []
    parts: list[Expr] = [text]
    while isinstance(first := strip(parts[0]), Binary) and first.op == "+":
        parts[:1] = [first.left, first.right]
    named = any(set(spelled(last_name(strip(part)))) & _IDS for part in parts)
    return parts if named else []


def _is_any_text(module: Module, part: Expr) -> bool:
    """Tell whether a part is what the caller hands over, of whatever length."""
    part = strip(part)
    name = part.id if isinstance(part, Name) else part.name if isinstance(part, Member) else ""
    said = set(spelled(name))
    if not name or name.isupper() or said & _JOINTS:
        return False
    inner: Expr = part
    while isinstance(inner, Member):
        inner = strip(inner.object)
    bound = module.scopes.lookup(inner.id, inner)[:1] if isinstance(inner, Name) else []
    if not bound or not isinstance(bound[0], Param):
        return False
    return declared_type(module, part).strip().lower() not in _NUMBERS


def _named_ids(first: Expr, second: Expr) -> bool:
    """Tell whether both are ids by their names, which another question of the rule tells."""
    return all(set(spelled(last_name(strip(part)))) & (_IDS | {"id", "name", "key"}) for part in (first, second))


def _of_table(module: Module, text: Template | Binary) -> bool:
    """Tell whether a text is what a table of the file keeps its entries under."""
    function, around = function_of(text), text.parent
    if function is None:
        return False
    names = {table.name.removeprefix("#") for table in tables(module)}
    if isinstance(around, Call):
        held = around.receiver
        return held is not None and around.name in _TABLE_CALLS and last_name(held).removeprefix("#") in names
    if not isinstance(around, Assign) or not isinstance(around.target, Name):
        return False
    kept = around.target.id
    if not set(spelled(kept)) & _KEY:
        return False
    for table in tables(module):
        for access in table.accesses:
            key = strip(access.key) if access.key is not None else None
            if access.function is function and isinstance(key, Name) and key.id == kept:
                return True
    return any(
        isinstance(index.key, Name) and index.key.id == kept and last_name(index.object).removeprefix("#") in names
        for index in module.all(Index)
        if function_of(index) is function
    )

"""API101: what plugins are handed shows the host's own database beside the checked view that is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import named_type
from reviewer.code.syntax import Class, Function, Member, Node
from reviewer.code.text.ideas import FACES
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.api.handed_out.raw_resource import is_told_by_name, members
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.raw_resources import RAW, raw_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RUNS: Final = word_set("execute exec query run fetch fetchall fetchrow fetchval all get")
"""First words of methods by which a database runs a statement."""
_STATEMENTS: Final = frozenset({"query", "sql", "statement", "stmt"})
"""What they call the statement."""
_WHAT: Final = word_set("all one many first row rows value sql raw script query statement async")
"""What may stand behind those."""


@module_check("API101", words=FACES | {"db", "database", "connection", "pool"})
def raw_beside_view(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each type that may be a plugin's context for a database, and for a view that is made of the same."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    imported = {one.local: one for one in module.imports if one.source in RAW}
    for cls in module.classes:
        if not FACES & set(words(cls.name)[-1:]):
            continue
        told = is_told_by_name(module, cls)
        shown = list(members(module, cls))
        for at, name, kind in shown:
            known = raw_type(kind, imported)
            raw = known or ("the database" if _runs_statements(module, kind) else "")
            if not raw or (known and told):
                continue
            if told or _has_view(module, cls, name, kind, shown):
                yield Match(
                    at,
                    f"'{name}' of '{cls.name}' is {raw} itself, beside what only shows a part of it: whoever holds "
                    "this reaches everything, past every permission.",
                )


def _runs_statements(module: Module, kind: str) -> bool:
    """Tell whether a type of the subject is that of a database: its methods take statements."""
    cls = named_type(module, kind) if kind else None
    return cls is not None and any(
        bool(_RUNS & set(words(method.name)[:1]))
        and set(words(method.name)[1:]) <= _WHAT  # ``query_members(query)`` looks for members by a word
        and bool(method.params)
        and bool(_STATEMENTS & set(words(method.params[0].name)))
        for method in cls.methods
    )


def _has_view(module: Module, cls: Class, name: str, kind: str, shown: list[tuple[Node, str, str]]) -> bool:
    """Tell whether another member of the same type is of a class that keeps what this one is, and to itself."""
    for at, other, view in shown:
        made = named_type(module, view) if view and other != name else None
        if made is None or made is cls or made.kind != "class":
            continue
        begin = made.method("constructor") or made.method("__init__")
        if begin is not None and any(param.type == kind for param in begin.params):
            return True
        if isinstance(at, Function) and any(part.name == name for part in find(at.body, Member)):
            return True
    return False

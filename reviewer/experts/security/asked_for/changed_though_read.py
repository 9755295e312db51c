"""SEC041: a plugin asks to read what is the host's, and changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Expr, Imported, Index, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import class_of
from reviewer.experts.check import Match, subject_check
from reviewer.experts.paths import word_set
from reviewer.experts.permission_use import picture
from reviewer.experts.place import locate
from reviewer.experts.tooling import is_tooling
from reviewer.subject.permission_table import permission_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_READS: Final = word_set("read view list get see query watch observe subscribe listen fetch browse readonly")
"""Actions of a permission by which nothing is changed."""
_CHANGES: Final = word_set(
    "set put write save store update upsert delete remove rename create insert append add send post publish move "
    "replace clear patch archive import edit modify assign drop purge"
)
"""First words of a method that changes what it is called on."""
_DEEPEST: Final = 6


@subject_check("SEC041")
def changed_though_read(inquiry: Inquiry) -> Iterator[Match]:
    """Hold each service of which only reading is asked for against the methods of it that the code calls."""
    table = permission_table(inquiry.subject.ecosystem)
    if inquiry.manifest is None or table is None or inquiry.subject.kind != "plugin":
        return
    asked: dict[str, set[str]] = {}
    for item in picture(inquiry).declared:
        resource, _, action = item.permission.partition(".")
        asked.setdefault(resource, set()).add(action)
    read = {one for one, actions in asked.items() if actions <= _READS and not table.knows(one)}
    known = {word: one for one in read for word in (one, one.removesuffix("s"), f"{one}s")}
    for module in inquiry.project.modules(naming=set(known), tests=False) if known else ():
        for call in module.all(Call):
            service = _service(call)
            resource = known.get(service.lower(), "")
            if not resource or is_tooling(module.path):
                continue
            if set(words(call.name)[:1]) & _CHANGES and _of_host(module, call.receiver, 0):
                known = {word: one for word, one in known.items() if one != resource}
                action = min(asked[resource])
                yield Match(
                    locate(module, call),
                    f"'{service}.{call.name}' changes what it is called on, and the manifest asks for "
                    f"'{resource}.{action}' alone.",
                )


def _service(call: Call) -> str:
    """Return the last name of what a method is called on."""
    holder = strip(call.receiver) if call.receiver is not None else None
    return holder.name.lstrip("#_") if isinstance(holder, Member) else holder.id if isinstance(holder, Name) else ""


def _of_host(module: Module, expr: Expr | None, depth: int) -> bool:
    """Tell whether a service was handed in: a member of a parameter, or of a field or a name that keeps one."""
    if expr is None or depth > _DEEPEST:
        return False
    expr = strip(expr)
    if is_this_member(expr):
        cls = class_of(expr)
        values = module.scopes.field_values(cls, expr.name) if cls is not None else []
        return any(_of_host(module, one, depth + 1) for one in values) or _is_property(expr)
    if isinstance(expr, Member | Index):
        return _of_host(module, expr.object, depth + 1)
    if not isinstance(expr, Name):
        return False
    for bound in module.scopes.lookup(expr.id, expr):
        if isinstance(bound, Param):
            return True
        if isinstance(bound, Imported):
            return False
        if isinstance(bound, Assign) and bound.value is not None and _of_host(module, bound.value, depth + 1):
            return True
    return False


def _is_property(expr: Member) -> bool:
    """Tell whether a field is a parameter of the constructor: ``constructor(private readonly host: Host)``."""
    cls = class_of(expr)
    begin = cls.method("constructor") if cls is not None else None
    return begin is not None and any(param.name == expr.name for param in begin.params)

"""API182: a plugin is handed the very object that the host keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.links import declared_type, named_type
from reviewer.code.syntax import Call, Class, Expr, For, Name, strip
from reviewer.code.tables import tables
from reviewer.code.walk import ancestors, calls_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.communication.vocabulary import HANDLERS
from reviewer.experts.paths import last_name, last_words, path_words, said_in, word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Table

_ASKED: Final = HANDLERS | word_set("plugin plugins extension extensions decorator decorators formatter formatters")
_COPIES: Final = frozenset({"structuredclone", "clone", "deepcopy", "freeze", "deepfreeze", "copy", "readonly"})


@module_check("API182", words=_ASKED)
def live_object_handed(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over handlers inside a loop over what is kept, for what the handlers get."""
    if module.is_test or module.language != "typescript":
        return
    kept = {table.name: table for table in tables(module) if table.kind in ("map", "list", "set")}
    if not kept:
        return
    for loop in module.all(For):
        if loop.target is None or not isinstance(loop.target, Name) or not path_words(loop.iterable) & _ASKED:
            continue
        for call in calls_in(loop.body, into_functions=False):
            holder = strip(call.receiver) if call.receiver is not None else strip(call.callee)
            if not isinstance(holder, Name) or holder.id != loop.target.id or said_in(call) & _COPIES:
                continue
            table = next((found for one in call.args if (found := _kept(module, loop, one, kept)) is not None), None)
            if table is not None:
                yield Match(
                    call,
                    f"'{module.text_of(call.args[0])}' is the object that '{table.name}' keeps, and no copy of it: "
                    "what one plugin changes in it, the next one and the host itself see.",
                    related=((table.declared, "kept in this"),),
                )
                break


def _kept(module: Module, loop: For, given: Expr, kept: dict[str, Table]) -> Table | None:
    """Return the table out of which a loop around takes an object that may be changed, and that is handed over."""
    name = strip(given)
    outer = next((one for one in ancestors(loop) if isinstance(one, For)), None)
    if not isinstance(name, Name) or outer is None or not isinstance(outer.target, Name) or outer.target.id != name.id:
        return None
    source = strip(outer.iterable) if outer.iterable is not None else None
    if isinstance(source, Call) and source.name == "values" and source.receiver is not None:
        source = strip(source.receiver)
    table = kept.get(last_name(source))
    if table is None or not isinstance(source, Expr) or set(last_words(source)) & _ASKED:
        return None
    return table if _may_change(module, declared_type(module, source)) else None


def _may_change(module: Module, declared: str) -> bool:
    """Tell whether what a collection holds has members that can be written, lists that can be changed included."""
    inner = declared.replace(" ", "").rpartition(",")[2].removesuffix(">").removesuffix("[]").rpartition("<")[2]
    shape = named_type(module, inner) if inner else None
    return isinstance(shape, Class) and any(_is_open(field.type, readonly=field.readonly) for field in shape.fields)


def _is_open(kind: str, *, readonly: bool) -> bool:
    changeable = kind.strip().endswith("[]") and not kind.strip().startswith("readonly")
    return not readonly or changeable

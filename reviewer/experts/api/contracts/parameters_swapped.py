"""API443: a method takes the values of its contract in another order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import lineage
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Function
    from reviewer.experts.check import Inquiry


@module_check("API443")
def parameters_swapped(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Hold the parameters of each method against those of the same method in what its class is declared to be."""
    if module.is_test:
        return
    for cls in module.classes:
        for method in cls.methods if cls.bases else ():
            said = _declared(cls, method)
            if said is None or method.private or method.static or method.signature_only or _makes(method):
                continue
            mine, theirs = _names(method), _names(said)
            if mine == theirs or sorted(mine) != sorted(theirs) or not _may_be_swapped(method, said):
                continue
            yield Match(
                method,
                f"'{method.name}' takes ({', '.join(mine)}) here and ({', '.join(theirs)}) in '{_owner(said)}': who "
                "calls it by the contract gives each of them the other's value.",
                related=((said, "the contract"),) if said.module is module else (),
            )


def _declared(cls: Class, method: Function) -> Function | None:
    for base in lineage(cls)[1:]:
        for one in base.methods:
            if one.name == method.name and one.kind == method.kind and one is not method:
                return one
    return None


def _makes(method: Function) -> bool:
    """Tell whether a method makes the object: who calls that names the class, and not what it is declared to be."""
    return method.kind == "constructor" or method.name in ("__init__", "__new__")


def _names(method: Function) -> list[str]:
    star = _named_from(method)
    names = [p.name.lstrip("_") for p in method.params if not p.rest and (star is None or p.raw.start_byte < star)]
    return names[1:] if names[:1] in (["self"], ["cls"], ["this"]) else names


def _named_from(method: Function) -> int | None:
    """Return where the parameters of Python begin that are given by name alone, so that their order says nothing."""
    listed = method.raw.child_by_field_name("parameters")
    marks = listed.children if listed is not None and method.module.language == "python" else ()
    stars = ("keyword_separator", "list_splat_pattern")
    return next((one.start_byte for one in marks if one.type in stars or one.text == b"*"), None)


def _may_be_swapped(method: Function, said: Function) -> bool:
    """Tell whether no compiler sees it: the parameters that changed places are of one type, or of none."""
    mine = {param.name.lstrip("_"): param.type.replace(" ", "") for param in method.params}
    theirs = {param.name.lstrip("_"): param.type.replace(" ", "") for param in said.params}
    return all(not kind or not theirs.get(name) or theirs[name] == kind for name, kind in mine.items())


def _owner(method: Function) -> str:
    return method.owner.name if method.owner is not None else "the contract"

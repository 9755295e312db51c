"""PAT004: a copy of the shared context gets the name of one of those who are served, and the services of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import class_of_value, lineage, named_type
from reviewer.code.syntax import Class, Member, Name, strip
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.patterns.served import serves
from reviewer.experts.patterns.tenancy.host_services import unwrapped
from reviewer.experts.patterns.tenancy.merges import merges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.tenancy.merges import Merge


@module_check("PAT004")
def context_only_named(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each copy that is given a new name for services that the subject could make for the one of that name."""
    if module.is_test:
        return
    for merge in merges(module):
        if not merge.entries or function_of(merge.at) is None:
            continue
        cls = class_of_value(module, strip(unwrapped(module, merge.base)))
        if cls is None or not all(isinstance(strip(one), Name | Member) for one in merge.entries.values()):
            continue
        named = [name for name, value in merge.entries.items() if _is_own_name(inquiry, module, merge, name, value)]
        left = _could_be_made(inquiry, module, cls, merge) if named else None
        if left is None:
            continue
        field, maker = left
        yield Match(
            merge.at,
            f"This copy of '{short(module.text_of(merge.base))}' is called after one '{named[0]}', and '{field}' in it "
            f"is still that of all of them: '{maker.name}' makes one for each.",
            related=((merge.base, "taken from here"),),
        )


def _is_own_name(inquiry: Inquiry, module: Module, merge: Merge, name: str, value: Expr) -> bool:
    """Tell whether a member says whom the copy is for, by what the function was told of one."""
    function, held = function_of(merge.at), strip(value)
    told = {param.name for param in function.params} if function is not None else set()
    return isinstance(held, Name) and held.id in told and serves(inquiry, module, name, anywhere=True)


def _could_be_made(inquiry: Inquiry, module: Module, cls: Class, merge: Merge) -> tuple[str, Function] | None:
    """Return a service that is left as it was, and the function of the subject that makes one for whom it is told."""
    for owner in lineage(cls):
        for field in owner.fields:
            kind = named_type(owner.module, field.type) if field.type and field.name not in merge.entries else None
            if kind is None or not kind.methods:
                continue
            homes = {id(one): one for one in (module, owner.module, kind.module)}
            for home in homes.values():
                for maker in home.functions:
                    if maker.returns and named_type(home, maker.returns) is kind and _is_told(inquiry, home, maker):
                        return field.name, maker
    return None


def _is_told(inquiry: Inquiry, home: Module, maker: Function) -> bool:
    return any(serves(inquiry, home, param.name, anywhere=True) for param in maker.params)

"""REG091: a table is asked for a key as it comes, and the entry is made under the key folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Expr, Name, strip
from reviewer.code.tables import tables
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.registry.registering.key_folded_once import folds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access
    from reviewer.experts.check import Inquiry


@module_check("REG091", words={"lower", "upper", "casefold", "strip", "trim", "normalize"})
def key_folded_after_look(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare within each function what it asks a table for with what it enters there."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind not in ("map", "set"):
            continue
        for write in table.of("write"):
            if write.key is None or not folds(module, write.key):
                continue
            looks = [one for one in table.of("has", "read") if one.function is write.function and _before(one, write)]
            if not looks or any(folds(module, one.key) for one in looks):
                continue
            look = next((one for one in looks if _is_root_of(module, one.key, write.key)), None)
            if look is not None:
                yield Match(
                    write.node,
                    f"'{table.name}' is asked for '{short(module.text_of(look.key)) if look.key is not None else ''}' "
                    "as it comes, and the entry is made under the folded key: another spelling of what is there "
                    "already passes and replaces it.",
                    related=((look.node, "asked for as it comes"),),
                )


def _before(look: Access, write: Access) -> bool:
    return look.node.start < write.node.start and look.key is not None


def _is_root_of(module: Module, plain: Expr | None, folded: Expr) -> bool:
    """Tell whether the folded key is made of the one that was asked for, in place or in a name of its own."""
    name = strip(plain) if plain is not None else None
    if not isinstance(name, Name):
        return False
    made = module.scopes.origin(strip(folded)) if isinstance(strip(folded), Name) else folded
    return isinstance(made, Expr) and made is not name and any(one.id == name.id for one in find(made, Name))

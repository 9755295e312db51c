"""SEC014: the limits by which the host refuses a plugin are handed to it in a record that it can change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Binary, Call, Class, Expr, If, Index, Literal, Member, Name, Object, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.handing.handed import handed, is_frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_LIMITS: Final = word_set("limits limit quota quotas budget budgets bounds caps allowance allowances maximum most rate")
"""Names of records of numbers by which somebody is held back."""
_MEASURES: Final = frozenset({"<", "<=", ">", ">="})


@module_check("SEC014", words=_LIMITS)
def limits_given_out(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each record of limits among what plugins get, for whether the host measures them by it."""
    if module.is_test:
        return
    for thing in handed(inquiry, module):
        for name, place, value in thing.open:
            held = strip(value)
            if _LIMITS.isdisjoint((*last_words(held), name)) or not isinstance(held, Name | Member):
                continue
            members = _open_members(module, held)
            measured = _measured(module, held, members) if members and not is_frozen(module, held) else None
            if measured is None:
                continue
            yield Match(
                place,
                f"'{name}' gives the plugin '{short(module.text_of(held))}' itself, by which the host holds it back: "
                "it writes another number there and is held back no more.",
                related=((measured, "measured here"),),
            )


def _open_members(module: Module, held: Expr) -> frozenset[str]:
    """Return the members of a plain record of numbers that anybody who holds it can change."""
    if not (isinstance(held, Name) or is_this_member(held)):
        return frozenset()
    made = module.scopes.origin(held)
    if isinstance(made, Object):
        plain = all(isinstance(strip(one), Literal | Name | Binary) for _key, one in made.entries)
        return frozenset(made.keys) if plain and made.entries else frozenset()
    cls = definition(module, made.callee) if isinstance(made, Call) else None
    if not isinstance(cls, Class) or any("frozen=True" in module.text_of(one) for one in cls.decorators):
        return frozenset()
    return frozenset(one.name for one in cls.fields if one.type.strip() in ("int", "float"))


def _measured(module: Module, held: Expr, members: frozenset[str]) -> Node | None:
    """Return where somebody is refused who passes one of the numbers."""
    own = module.text_of(held)
    for test in module.all(If):
        if not refuses(test.body):
            continue
        for compared in find(test.test, Binary):
            for side in (compared.left, compared.right) if compared.op in _MEASURES else ():
                part = strip(side)
                named = part.name if isinstance(part, Member) else getattr(getattr(part, "key", None), "value", None)
                if isinstance(part, Member | Index) and named in members and module.text_of(part.object) == own:
                    return test.test
    return None

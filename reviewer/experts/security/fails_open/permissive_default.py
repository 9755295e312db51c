"""SEC002: a default that grants where no permission is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Assign, Field, Member, Name, strip
from reviewer.code.walk import find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.fails_open.permissive import permissive_defaults
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry


@module_check("SEC002", words=TRIGGERS | {"defaultdict"})
def permissive_default(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Report every default that grants."""
    if module.is_test:
        return
    # A plugin fills what it hands to others with the defaults that those have.
    unsure = Confidence.POSSIBLE if inquiry.subject.kind == "plugin" else None
    for default in permissive_defaults(inquiry, module):
        doubt = unsure or (Confidence.POSSIBLE if _fills_in(default.at) else None)
        value = short(module.text_of(default.value))
        if isinstance(default.at, Field):
            yield Match(
                default.at,
                f"'{default.at.name}' is granted by default: an entry that leaves it out allows it.",
                confidence=doubt,
            )
        else:
            where = short(module.text_of(default.at))
            yield Match(
                default.at,
                f"'{where}' gives '{value}' where nothing is recorded: an absent permission is granted.",
                confidence=doubt,
            )


def _fills_in(at: Node) -> bool:
    """Tell whether a record gets what it lacks, field by field: its receiver, who reads it so, has the say.

    ``data.dm_permission ??= true; data.type ??= Type.Command; data.options ??= []``
    """
    place = strip(at.target) if isinstance(at, Assign) and at.op in ("??=", "||=") else None
    function = function_of(at)
    if not isinstance(place, Member) or not isinstance(place.object, Name) or function is None:
        return False
    others = [
        one
        for one in find(function.body, Assign)
        if one is not at
        and one.op in ("??=", "||=")
        and isinstance(field := strip(one.target), Member)
        and isinstance(field.object, Name)
        and field.object.id == place.object.id
    ]
    return bool(others)

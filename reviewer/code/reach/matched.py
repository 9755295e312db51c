"""What the patterns of ``match`` take apart: ``case (owner, run):`` binds parts of the subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Assign, Function, Switch
from reviewer.code.walk import ancestors

if TYPE_CHECKING:
    from reviewer.code.syntax import Expr


def matched(binding: Assign) -> Expr | None:
    """Return the subject of the ``match`` in whose pattern a name is bound; None for any other assignment."""
    if binding.value is not None:
        return None
    for around in ancestors(binding):
        if isinstance(around, Switch):
            return around.subject
        if isinstance(around, Function):
            break
    return None

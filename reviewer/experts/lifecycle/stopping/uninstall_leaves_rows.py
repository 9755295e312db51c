"""LIF047, second part: an uninstallation deletes the plugin's row in a database, and leaves the rows of its grants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Literal, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.dependencies import with_helpers
from reviewer.experts.lifecycle.stopping.uninstall_leaves_grants import ENDS, GRANTS
from reviewer.experts.lifecycle.vocabulary import has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_LONGEST: Final = 400
"""Characters of a statement that are looked at."""
_ANY: Final = "*"
"""The name of a table that is not written out."""


@module_check("LIF047", words=ENDS)
def uninstall_leaves_rows(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the deletion of a plugin's row where rows of its grants are put in and never taken out."""
    if module.is_test or b"cascade" in module.source.lower():
        return
    inserted = [(table, call) for call in module.all(Call) if (table := _table(call, "insert", "into"))]
    kept = [(table, call) for table, call in inserted if has_word(table, GRANTS)]
    for function in module.functions if kept else ():
        said = words(function.name)
        if not said or said[0] not in ENDS or not function.params:
            continue
        calls = [call for helper in with_helpers(function) for call in find(helper.body, Call)]
        deleted = [(table, call) for call in calls if (table := _table(call, "delete", "from"))]
        gone = {table for table, _call in deleted}
        left = next(((table, call) for table, call in kept if table not in gone), None)
        if deleted and left is not None and _ANY not in gone:
            yield Match(
                deleted[0][1],
                f"'{function.name}' takes the plugin out of '{deleted[0][0]}' and leaves what it was granted in "
                f"'{left[0]}': whatever is installed under this id next inherits it.",
                related=((left[1], "entered here"),),
            )


def _table(call: Call, verb: str, particle: str) -> str:
    """Return the table of a statement that a call hands to a database: ``insert into consents …``."""
    said = _text(call.args[0]).lower().split() if call.args else []
    if not said or said[0] != verb or particle not in said[:4]:
        return ""
    place = said.index(particle) + 1
    name = said[place].split("(")[0].strip("\"'`;[]") if place < len(said) else _ANY
    return name if name.replace("_", "").isalnum() else _ANY


def _text(expr: Expr) -> str:
    """Return the text of a statement, with a star for each hole."""
    expr = strip(expr)
    if isinstance(expr, Template):
        parts = [str(item.value) if isinstance(item, Literal) else _ANY for item in expr.items]
        return "".join(parts)[:_LONGEST]
    return expr.value[:_LONGEST] if isinstance(expr, Literal) and isinstance(expr.value, str) else ""

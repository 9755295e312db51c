"""FUN368: a manifest of a later format is only told of, and read as if it were of a known one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, If, Member, Name, strip
from reviewer.experts.api.vocabulary import flat
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.told_only import is_only_told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_FORMATS: Final = frozenset(
    f"{what}{how}" for what in ("manifest", "schema", "format", "spec") for how in ("version", "format", "revision")
)


@module_check("FUN368", words={"manifest", "schema", "format", "spec"})
def newer_format_only_told(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison of a manifest's format with the one that is known for whether anything hangs on it."""
    if module.is_test:
        return
    for test in module.all(If):
        asked = strip(test.test)
        if not isinstance(asked, Binary) or asked.op not in (">", "!=", "<") or not is_only_told(test.test):
            continue
        later = asked.left if asked.op != "<" else asked.right
        if _is_format(later) and not _refused(module, later, test):
            yield Match(
                test,
                f"'{short(module.text_of(asked))}' is only told of: a manifest of a later format is read as if it "
                "were known, and what changed between them goes wrong without a word.",
                fix="Refuse formats that this host does not know, and say which ones it does.",
            )


def _is_format(side: Expr) -> bool:
    held = strip(side)
    name = held.id if isinstance(held, Name) else held.name if isinstance(held, Member) else ""
    return bool(name) and not name.isupper() and flat(name) in _FORMATS


def _refused(module: Module, side: Expr, told: If) -> bool:
    """Tell whether another test of the file holds the same number against the other end."""
    text = module.text_of(side)
    return any(
        isinstance(asked := strip(one.test), Binary)
        and asked.op in (">", ">=", "<", "<=", "!=", "not in")
        and text in (module.text_of(asked.left), module.text_of(asked.right))
        and not is_only_told(one.test)
        for one in module.all(If)
        if one is not told
    )

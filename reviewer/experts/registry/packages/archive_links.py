"""REG050: links are made out of an archive as it names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Binary, Call, Member, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.registry.made_from import ways_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function
    from reviewer.experts.check import Inquiry

_LINKS: Final = frozenset({"linkname", "linkpath", "linkName", "linkPath", "link_target"})
"""Members of an entry that say where a link leads."""
_MAKES: Final = ("symlink", "symlinkSync", "link", "linkSync", "symlink_to", "hardlink_to")
_CONTAINED: Final = frozenset({"startsWith", "startswith", "is_relative_to", "relative", "commonpath", "relative_to"})


@module_check("REG050", words={"linkname", "linkpath", "link"})
def archive_links(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each link that is made for where it leads."""
    if module.is_test:
        return
    for call in module.calls(_MAKES):
        function = function_of(call)
        target = call.arg(0)
        if target is None or function is None or is_this_member(call.callee):
            continue
        named = next((one for one in _ways(module, target) if one.name in _LINKS), None)
        if named is not None and not _contained(module, function, named):
            yield Match(
                call,
                f"'{short(module.text_of(named))}' comes from the archive, and the link leads where it says: "
                "the next entry is written through it to a place outside the folder.",
            )


def _ways(module: Module, target: Expr) -> Iterator[Member]:
    for one in ways_back(module, target):
        yield from find(one, Member, into_functions=False)


def _contained(module: Module, function: Function, named: Member) -> bool:
    """Tell whether a function looks where the link leads before it makes it: by a call, or a comparison."""
    for call in find(function.body, Call):
        if call.name in _MAKES:
            continue
        given = any(one.name == named.name for argument in call.args for one in _ways(module, argument))
        holder = call.receiver is not None and any(one.name == named.name for one in _ways(module, call.receiver))
        if (given and call.name not in ("join", "String")) or (holder and call.name in _CONTAINED):
            return True
    return any(
        isinstance(strip(side), Member) and strip(side) is not named and _is(strip(side), named.name)
        for node in find(function.body, Binary)
        if node.op in ("==", "!=")
        for side in (node.left, node.right)
    )


def _is(expr: Expr, name: str) -> bool:
    return isinstance(expr, Member) and expr.name == name

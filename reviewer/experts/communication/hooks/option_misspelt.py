"""COM303: a plugin asks for an option under a name that it did not give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Member, Name
from reviewer.core.nearest import nearest
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.python_package.options import options
from reviewer.experts.python_package.spelling import slip_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_FAMILY = 6
_ASKING = frozenset({"getoption", "getini", "getvalue"})


@module_check("COM303", words={"getoption", "getini", "getvalue", "option"})
def option_misspelt(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare every name that is asked for with those of the package's own options."""
    if module.is_test:
        return
    known = options(inquiry)
    for name, at, of_ini in _asked(module):
        names = (known.settings if of_ini else known.options) - {""}
        meant = slip_of(name, names) or _of_family(name, names, whole=known.whole) if name and name not in names else ""
        if meant:
            yield Match(
                at,
                f"The plugin has no option '{name}'; did you mean '{meant}'? pytest fails, or gives the default "
                "whatever is set.",
            )


def _of_family(name: str, names: set[str], *, whole: bool) -> str:
    """Return an option that begins as a name does, where all of the package's do, and all are known.

    A plugin calls its options after itself, so that another that is called so is no option of pytest or of others.
    """
    family = {one.lstrip("-").replace("-", "_").partition("_")[0] for one in names}
    bare = name.lstrip("-").replace("-", "_")
    if not whole or len(family) != 1 or bare.partition("_")[0] not in family or bare in family or len(bare) < _FAMILY:
        return ""
    return nearest(bare, names) or min(names)


def _asked(module: Module) -> Iterator[tuple[str, Node, bool]]:
    """Yield (name, place, whether it is a setting of the ini file)."""
    for call in module.calls(_ASKING):
        argument = call.arg(0, "name")
        if argument is not None:
            yield fixed_text(module, argument), argument, call.name == "getini"
    for member in module.all(Member) if "option" in module.identifiers else ():
        holder = member.object
        if isinstance(holder, Member) and holder.name == "option" and _is_config(holder.object):
            yield member.name, member, False


def _is_config(expr: Expr) -> bool:
    return (isinstance(expr, Name) and expr.id == "config") or (isinstance(expr, Member) and expr.name == "config")

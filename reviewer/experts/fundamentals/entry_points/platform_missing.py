"""FUN338: an integration hands its entry on to a platform whose file it does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Assign, Expr, Literal, Member, Name, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.integration.facts import is_integration
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FORWARDS: Final = frozenset({"async_forward_entry_setups", "async_forward_entry_setup"})
_CONSTANTS: Final = "const.py"


@module_check("FUN338", words={"forward"})
def platform_missing(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Hold the platforms that are handed on against the files of the integration."""
    if not is_integration(inquiry) or module.is_test:
        return
    files = set(inquiry.subject.files)
    for call in module.calls(_FORWARDS):
        given = call.arg(1, "platforms") or call.arg(1, "domain")
        for where, item in _platforms(module, given):
            name = _name(item)
            if name and f"{name}.py" not in files and f"{name}/__init__.py" not in files:
                yield Match(
                    locate(where, item),
                    f"The entry is handed on to the platform '{name}', and there is no {name}.py: the set-up fails.",
                    related=((call, "handed on here"),),
                )


def _platforms(module: Module, given: Expr | None) -> Iterator[tuple[Module, Expr]]:
    """Yield what a list of platforms holds, which may stand in the file of constants."""
    value = strip(given) if given is not None else None
    where = module
    if isinstance(value, Name):
        name = value.id
        constants = module.project.module(_CONSTANTS) if module.project is not None else None
        for one in (module, constants):
            held = one.scopes.table(None).get(name, []) if one is not None else []
            if one is not None and len(held) == 1 and isinstance(held[0], Assign) and held[0].value is not None:
                value, where = strip(held[0].value), one
                break
    if isinstance(value, Array):
        yield from ((where, strip(item)) for item in value.items)
    elif isinstance(value, Literal | Member):
        yield where, value


def _name(item: Expr) -> str:
    """Return the name of a platform: ``"sensor"`` or ``Platform.SENSOR``."""
    if isinstance(item, Literal) and isinstance(item.value, str):
        return item.value
    holder = strip(item.object) if isinstance(item, Member) else None
    return (
        item.name.lower() if isinstance(item, Member) and isinstance(holder, Name) and holder.id == "Platform" else ""
    )

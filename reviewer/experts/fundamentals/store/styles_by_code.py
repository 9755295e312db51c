"""FUN251: an Obsidian plugin puts fixed styles into the page itself, which the app would load from styles.css."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.syntax import Assign, Call, Expr, Literal, Member, Name, Object, Template, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.obsidian.plugin import is_plugin_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MAKES: Final = frozenset({"createElement", "createEl"})
_TEXTS: Final = frozenset({"textContent", "innerHTML", "innerText"})
_FILLS: Final = frozenset({"setText", "append", "appendText", "appendChild", "createTextNode"})


@module_check("FUN251", words={"style", "stylesheet"})
def styles_by_code(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for style elements whose text stands in the code, and for links to a style sheet."""
    if not is_plugin_code(inquiry, module):
        return
    for call in module.calls(_MAKES):
        first = strip(call.args[0]) if call.args else None
        kind = str(first.value).lower() if isinstance(first, Literal) else ""
        if kind == "style" and any(_is_fixed(module, text) for text in _given(module, call, _TEXTS, "text")):
            yield Match(
                call, "The styles stand in the code and are put into the page: 'styles.css' is loaded by itself."
            )
        elif kind == "link" and any(
            _says(one, "stylesheet") for one in _given(module, call, frozenset({"rel"}), "rel")
        ):
            yield Match(call, "A style sheet is linked into the page by code: 'styles.css' is loaded by itself.")


def _given(module: Module, made: Call, members: frozenset[str], option: str) -> Iterator[Expr]:
    """Yield what an element is filled with: by an option, a member, or a call of its own."""
    options = strip(made.args[1]) if len(made.args) > 1 else None
    for place in (options, options.get("attr") if isinstance(options, Object) else None):
        value = place.get(option) if isinstance(place, Object) else None
        if value is not None:
            yield value
    kept = use_of(made).by
    name = kept.target.id if isinstance(kept, Assign) and isinstance(kept.target, Name) else ""
    if not name:
        return
    for assign in module.all(Assign):
        target = assign.target
        if (
            isinstance(target, Member)
            and target.name in members
            and _is(target.object, name)
            and assign.value is not None
        ):
            yield assign.value
    for call in module.calls(_FILLS) if option == "text" else ():
        if call.receiver is not None and _is(call.receiver, name) and call.args:
            inner = strip(call.args[0])
            yield inner.args[0] if isinstance(inner, Call) and inner.name in _FILLS and inner.args else inner


def _is(expr: Expr, name: str) -> bool:
    expr = strip(expr)
    return isinstance(expr, Name) and expr.id == name


def _is_fixed(module: Module, text: Expr) -> bool:
    """Tell whether a text stands in the code as it is: what is worked out from settings can't be in a file."""
    made = module.scopes.origin(text)
    if isinstance(made, Template):
        return all(isinstance(item, Literal) for item in made.items)
    return isinstance(made, Literal) and isinstance(made.value, str) and "{" in made.value


def _says(expr: Expr, text: str) -> bool:
    expr = strip(expr)
    return isinstance(expr, Literal) and expr.value == text

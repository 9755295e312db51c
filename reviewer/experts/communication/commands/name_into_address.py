"""COM451: the name of what is asked for goes into an address as it is, where others are looked at first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Function, Literal, Name, Param, Template, strip
from reviewer.code.tables import tables
from reviewer.code.walk import ancestors, class_of, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.values.guards import limited
from reviewer.experts.security.values.provenance import trace
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_ASKS: Final = frozenset(
    {"URL", "fetch", "get", "post", "put", "patch", "delete", "head", "request", "urljoin", "urlopen"}
)
_ENCODES: Final = frozenset({"encodeURIComponent", "quote", "quote_plus", "encodeURI", "escape", "slugify"})
_NUMBERS: Final = ("number", "int", "bigint", "float", "bool", "UUID", "uuid")
_SENT: Final = frozenset({"request", "message", "plugin", "argument_of_plugin"})


@module_check("COM451", words={"url", "fetch", "get", "request", "http", "urljoin", "urlopen"})
def name_into_address(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each address with a name in its path that the function was handed, for who looked at that name."""
    if module.is_test or is_tooling(module.path):
        return
    told: set[int] = set()
    asked = [(text, function) for text in module.all(Template) if (function := _asking(module, text)) is not None]
    for text, function in asked:
        for hole in _segments(text):
            param = _param(module, hole)
            if param is None or id(param) in told or _looked_at(module, hole, text):
                continue
            sent = bool(trace(module, hole).kinds() & _SENT)
            careful = next(
                (
                    other
                    for other, around in asked
                    if around is not function and _beside(function, around) and _is_careful(module, other)
                ),
                None,
            )
            if sent or careful is not None:
                told.add(id(param))
                yield Match(
                    text,
                    f"'{short(module.text_of(hole))}' becomes a part of the path as it is: with '../' or '?' in it "
                    f"'{function.name}' reaches what it is not made for, in the name of the host.",
                    related=((careful, "looked at first here"),) if careful is not None else (),
                    confidence=Confidence.LIKELY,
                )
                break


def _asking(module: Module, text: Template) -> Function | None:
    """Return the named function that asks for an address which is this text."""
    call = text.parent
    function = function_of(text)
    while function is not None and not function.name:
        function = function.outer
    if not isinstance(call, Call) or call.name not in _ASKS or text not in call.args[:2]:
        return None
    if any(access.node is call for table in tables(module) for access in table.accesses):
        return None  # the key of a map is no address
    return function


def _segments(text: Template) -> Iterator[Expr]:
    """Yield what stands for a part of a path: ```/v1/recipes/${finish}```."""
    before = ""
    for item in text.items:
        if isinstance(item, Literal):
            before = str(item.value)
            if "?" in before:
                return
        else:
            if before.endswith("/") and isinstance(item, Expr):
                yield strip(item)
            before = ""


def _param(module: Module, hole: Expr) -> Param | None:
    bound = module.scopes.lookup(hole.id, hole) if isinstance(hole, Name) else []
    only = bound[0] if len(bound) == 1 and isinstance(bound[0], Param) else None
    own = only is not None and isinstance(only.parent, Function) and not only.parent.private
    return only if only is not None and own and not only.type.strip().startswith(_NUMBERS) else None


def _looked_at(module: Module, hole: Expr, text: Template) -> bool:
    return limited(module, [hole], text)


def _is_careful(module: Module, text: Template) -> bool:
    """Tell whether a text is made only once its parts were looked at, or of parts that are encoded."""
    holes = list(_segments(text))
    encoded = any(isinstance(hole, Call) and hole.name in _ENCODES for hole in holes)
    names = [name for hole in holes for name in find(hole, Name) if module.scopes.is_param(name)]
    return encoded or any(limited(module, [name], text) for name in names)


def _beside(one: Function, other: Function) -> bool:
    """Tell whether two functions are parts of one object."""
    if class_of(one) is not None:
        return class_of(one) is class_of(other)
    return _holder(one) is not None and _holder(one) is _holder(other)


def _holder(function: Function) -> Node | None:
    return next((around for around in ancestors(function) if isinstance(around, Function)), None)

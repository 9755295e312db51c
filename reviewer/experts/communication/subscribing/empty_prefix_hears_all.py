"""COM448: who names no area at all is not asked about it, and every name begins with nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import exits
from reviewer.code.syntax import Assign, Binary, Call, Expr, If, Literal, Member, Name, Param, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry


@module_check("COM448", words={"starts", "startswith"})
def empty_prefix_hears_all(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison with the beginning that a listener named for one that may be empty."""
    if module.is_test:
        return
    guards = list(_passed_when_empty(module))
    for call in module.calls({"startsWith", "startswith"}) if guards else ():
        given = strip(call.args[0]) if call.args else None
        function = function_of(call)
        if not isinstance(given, Name | Member) or function is None:
            continue
        found = next((one for name, one in guards if name == last_name(given)), None)
        if found is None or function_of(found) is function or _asked_elsewhere(module, function.body, given, call):
            continue
        if _may_be_empty(module, last_name(given)):
            yield Match(
                call,
                f"Whoever names no '{last_name(given)}' is not asked about it, and every name begins with nothing: "
                f"'{short(module.text_of(call))}' holds for all of them, those outside what may be named included.",
                related=((found, "not asked when it is empty"),),
            )


def _passed_when_empty(module: Module) -> Iterator[tuple[str, If]]:
    """Yield the refusals that leave out what is empty: ``if (area && !AREAS.has(area)) throw``."""
    for test in module.all(If):
        whole = strip(test.test)
        inner = test.body[0] if len(test.body) == 1 else None
        if isinstance(whole, Binary) and whole.op in ("&&", "and") and exits(test.body):
            asked, about = strip(whole.left), whole.right
        elif isinstance(inner, If) and exits(inner.body) and not test.orelse:
            asked, about = whole, inner.test
        else:
            continue
        looked_up = any(isinstance(one, Call) or getattr(one, "op", "") == "not in" for one in find(about, Expr))
        if looked_up and isinstance(asked, Name) and any(one.id == asked.id for one in find(about, Name)):
            yield asked.id, test


def _may_be_empty(module: Module, name: str) -> bool:
    """Tell whether something of this name is the empty text where nothing was said."""
    for made in module.all(Assign):
        if isinstance(made.target, Name) and made.target.id == name and made.value is not None:
            value = strip(made.value)
            if isinstance(value, Binary) and value.op in ("??", "or", "||") and _nothing(value.right):
                return True
            if isinstance(value, Call) and value.name == "get" and len(value.args) > 1 and _nothing(value.args[1]):
                return True
    return any(param.name == name and _nothing(param.default) for param in module.all(Param))


def _nothing(value: Node | None) -> bool:
    value = strip(value) if isinstance(value, Expr) else None
    return isinstance(value, Literal) and value.value == ""


def _asked_elsewhere(module: Module, body: Sequence[Node], given: Expr, call: Call) -> bool:
    """Tell whether the function looks at the beginning in another way as well, such as whether there is one."""
    text = module.text_of(given)
    return any(
        module.text_of(one) == text and not call.start <= one.start < call.stop for one in find(body, type(given))
    )

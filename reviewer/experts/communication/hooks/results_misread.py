"""COM307: the answer of a hook is taken for that of one plugin, and it is a list of all plugins' answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Index, Literal, Member, Name, Node, Template
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.python_package.specifications import calls_of, specifications

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_OF_LISTS: Final = frozenset(dir(list))
_HELD_AGAINST: Final = frozenset({"==", "!=", "<", ">", "<=", ">="})


@module_check("COM307", words={"hook", "ihook", "hooks"})
def results_misread(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Follow the answer of each call of a hook whose specification does not say that the first one ends it."""
    if module.is_test or module.language != "python" or not specifications(inquiry):
        return
    for call, spec in calls_of(inquiry, module):
        if spec.first_result or spec.historic:
            continue
        use = next((use for node in _places(call) if (use := _as_one(node)) is not None), None)
        if use is not None:
            yield Match(
                use,
                f"The hook '{spec.name}' gives a list with the answer of every plugin, and this takes it for one "
                "answer; only a specification with firstresult=True gives one.",
                related=((spec.at, "the specification"), (call, "called here")),
            )


def _places(call: Call) -> Iterator[Node]:
    """Yield the call, or the names of the variable that alone holds its answer."""
    made = call.parent
    if not (isinstance(made, Assign) and made.value is call and isinstance(made.target, Name) and made.op == "="):
        yield call
        return
    function = function_of(call)
    if function is None:
        return
    name = made.target.id
    given = [one for one in find(function, Assign) if isinstance(one.target, Name) and one.target.id == name]
    if len(given) == 1:
        yield from (one for one in find(function, Name) if one.id == name and one.start > call.start)


def _as_one(node: Node) -> Node | None:
    """Return what is done with a list that no list can do."""
    around = node.parent
    if isinstance(around, Member) and around.object is node:
        return around if around.name not in _OF_LISTS else None
    if isinstance(around, Index) and around.object is node:
        return around if isinstance(around.key, Literal) and isinstance(around.key.value, str) else None
    if isinstance(around, Binary) and around.op in _HELD_AGAINST:
        other = around.right if around.left is node else around.left
        return around if isinstance(other, Literal) and other.value is not None else None
    return around if isinstance(around, Template) else None

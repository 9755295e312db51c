"""COM371: what a handler answers takes the place of the value for all the others, also where it answered nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Await, Binary, Call, Cast, For, Function, If, Name, Node, Return, strip
from reviewer.code.text.words import identifiers, words
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.aliases import alias_text
from reviewer.experts.communication.handler_types import declared_types
from reviewer.experts.communication.invocations import Invocation, invocations
from reviewer.experts.communication.vocabulary import REGISTERS, TRIGGERS, first_word
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LOOKS: Final = word_set("validate parse check ensure assert verify is coerce normalize sanitize or schema")
_REDUCES: Final = word_set("reduce reducer reducers migrate migration migrations convert step steps encode decode")
"""Words of functions of the host itself, which have to give the next value."""

_NOTHING: Final = frozenset({"undefined", "null", "void", "any", "unknown", "None", "Any", "object", "Optional"})
_MOST_NAMES: Final = 12
"""Names in a type that are looked up."""


@module_check("COM371", words=TRIGGERS)
def handlers_answer_taken(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over handlers that hands one's answer to the next, for a look at whether there is one."""
    if module.is_test:
        return
    for found in invocations(inquiry, module):
        assign = _kept(found)
        if assign is None or not isinstance(assign.target, Name) or not isinstance(found.loop, For):
            continue
        value = assign.target.id
        shapes = _shapes(module, found)
        may_be_nothing = any(_may_be_nothing(text) for text in shapes)
        promised = bool(shapes) or module.language == "typescript"
        if value not in names_in(found.call.args) or (promised and not may_be_nothing):
            continue
        if not _from_strangers(found, said_so=may_be_nothing):
            continue
        if _looked_at(found.loop, assign, value):
            continue
        yield Match(
            assign,
            f"'{value}' becomes whatever '{short(module.text_of(found.call.callee))}' answers: a handler that only "
            "looks and gives nothing back takes the value away from all that follow.",
        )


def _kept(found: Invocation) -> Assign | None:
    """Return the assignment that the answer goes to, through whatever waits for it."""
    inner: Node = found.call
    for around in ancestors(found.call):
        if isinstance(around, Assign):
            return around if around.value is inner and not around.declare and around.op == "=" else None
        if not isinstance(around, Await | Call) or (isinstance(around, Call) and inner is around.callee):
            return None
        inner = around
    return None


def _from_strangers(found: Invocation, *, said_so: bool) -> bool:
    """Tell whether the handlers were taken in from others, and are no steps of the host's own.

    Where a type says that a step may answer nothing, it is as good as a stranger's.
    """
    table = found.source.table
    function = found.function
    said = set(words(found.source.name)) | set(words(found.call.name)) | set(words(function.name if function else ""))
    if table is None or (said & _REDUCES and not said_so):
        return False
    return any(
        access.function is not None and first_word(access.function.name) in REGISTERS | {"tap", "hook", "filter"}
        for access in table.of("write")
    )


def _shapes(module: Module, found: Invocation) -> list[str]:
    """Return the types of functions that the handlers have: where they promise an answer, a compiler holds to it."""
    types = list(declared_types(module, found))
    names = {name for text in types for name in sorted(identifiers(text.encode()))[:_MOST_NAMES]}
    return [
        text for text in (*types, *(alias_text(module, name) for name in names)) if "=>" in text or "Callable[" in text
    ]


def _may_be_nothing(text: str) -> bool:
    answer = text.rsplit("=>", 1)[-1] if "=>" in text else _answer_of_callable(text)
    return not identifiers(answer.encode()).isdisjoint(_NOTHING)


def _answer_of_callable(text: str) -> str:
    """Return what stands behind the parameters of a type: ``B`` of ``Callable[[A], B]``."""
    inside = text.partition("Callable[")[2] or text
    depth = 0
    for place, char in enumerate(inside):
        depth += (char == "[") - (char == "]")
        if char == "," and depth == 0:
            return inside[place + 1 :]
        if depth < 0:
            break
    return text


def _looked_at(loop: For, assign: Assign, value: str) -> bool:
    """Tell whether the loop, or what comes after it, asks whether there is an answer."""
    function = function_of(assign)
    for node in walk(function.body) if function is not None else walk(loop.body):
        if isinstance(node, If) and value in names_in(node.test):
            return True
        if isinstance(node, Binary) and node.op in ("??", "or", "instanceof") and value in names_in(node):
            return True
        if isinstance(node, Call) and set(words(node.name)) & _LOOKS and value in names_in(node.args):
            return True
    around = assign.value
    if isinstance(around, Cast) or (around is not None and any(isinstance(n, Binary) for n in walk(around))):
        return True
    if around is None:
        return False
    made = strip(around)
    target = definition(function.module, made.callee) if function is not None and isinstance(made, Call) else None
    return isinstance(target, Function) and inside(assign, loop) and _guards(target)


def _guards(target: Function) -> bool:
    """Tell whether a function that waits for an answer looks at it, and so may put another in its place."""
    returned = [one for one in find(target.body, Return, into_functions=False) if one.value is not None]
    return len(returned) > 1 or any(set(words(call.name)) & _LOOKS for call in calls_in(target.body))

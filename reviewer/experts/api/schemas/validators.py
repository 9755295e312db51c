"""How a function of the subject that validates something says what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Await, Call, Function, Member, Name, Return, Throw, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.api.vocabulary import is_log

if TYPE_CHECKING:
    from reviewer.code.syntax import Expr

VALIDATES: Final = frozenset("validate validates validation validator lint vet inspect conform conforms audit".split())
"""Words of what looks whether something is as it has to be."""


def tells_itself(validator: Function) -> bool:
    """Tell whether a validator says what it found by something else as well: a callback, or what it marks or fills."""
    given = {param.name for param in validator.params}
    for node in find(validator.body, Call):
        root = strip(node.callee)
        if isinstance(root, Name) and root.id in given:
            return True  # report({ messageId: "name" })
        marks = use_of(node).how == "dropped" and not is_log(node)
        while isinstance(root, Member):
            root = strip(root.object)
        if marks and isinstance(node.callee, Member) and isinstance(root, Name) and root.id in given | {"this"}:
            return True  # this.field.setState("wrong")
    return False


def gives_value(function: Function) -> bool:
    """Tell whether a function of the subject returns its verdict and throws none, nor hands back what it was given."""
    if next(find(function.body, Throw), None) is not None:
        return False
    kind = function.returns.strip().removeprefix(":").strip()
    if kind:
        kind = kind.removeprefix("Promise<").removesuffix(">")
        return kind not in ("void", "None", "never", "this", "Self") and not kind.startswith("asserts")
    given = [strip(node.value) for node in find(function.body, Return, into_functions=False) if node.value is not None]
    own = {param.name for param in function.params} | {"this"}
    if given and all(_asks_another(function, value) for value in given):
        return False
    return bool(given) and not all(isinstance(value, Name) and value.id in own for value in given)


def _asks_another(function: Function, value: Expr) -> bool:
    """Tell whether an answer is that of a validator of somebody else, which may as well throw."""
    while isinstance(value, Await):
        value = strip(value.value)
    if not isinstance(value, Call) or isinstance(definition(function.module, value.callee), Function):
        return False
    part: Expr = value
    while isinstance(part, Call | Member):
        if isinstance(part, Member) and VALIDATES & set(words(part.name)):
            return True
        part = strip(part.callee if isinstance(part, Call) else part.object)
    return isinstance(part, Name) and bool(VALIDATES & set(words(part.id)))

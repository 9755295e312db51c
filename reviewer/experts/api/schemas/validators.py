"""How a function of the subject that validates something says what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import use_of
from reviewer.code.syntax import Call, Member, Name, strip
from reviewer.code.walk import find
from reviewer.experts.api.vocabulary import is_log

if TYPE_CHECKING:
    from reviewer.code.syntax import Function


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

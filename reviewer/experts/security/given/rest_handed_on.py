"""SEC016: what a guarded object does not know itself it reads from the one behind it, without asking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, returns_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Function, Member, Name, Throw, strip
from reviewer.code.walk import calls_in, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.decisions import is_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Return
    from reviewer.experts.check import Inquiry

_REST: Final = ("__getattr__", "__getattribute__")


@module_check("SEC016", words={"getattr", "getattribute"})
def rest_handed_on(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class with members that ask first for the way in which it answers for all others."""
    if module.is_test:
        return
    for cls in module.classes:
        rest = next((method for name in _REST if (method := cls.method(name)) is not None), None)
        if rest is None or not rest.params:
            continue
        for answer in returns_of(rest):
            behind = _read_from(answer.value, rest.params[-1].name)
            if behind is None or _asked_before(module, answer, rest) or not _guards(module, cls, behind):
                continue
            yield Match(
                answer,
                f"What '{cls.name}' does not know itself is read from '{short(module.text_of(behind))}', which its "
                "other members reach only after asking: whoever names it gets it without a right.",
            )


def _read_from(value: object, name: str) -> Member | None:
    """Return ``self._desk`` of ``getattr(self._desk, name)``."""
    call = value if isinstance(value, Call) else None
    if call is None or call.name != "getattr" or len(call.args) < 2:
        return None
    behind, key = strip(call.args[0]), strip(call.args[1])
    named = isinstance(key, Name) and key.id == name
    return behind if named and isinstance(behind, Member) and is_this_member(behind) else None


def _asked_before(module: Module, answer: Return, rest: Function) -> bool:
    """Tell whether something is asked about the name, other than how it begins."""
    if any(is_check(module, call) for call in calls_in(rest.body)):
        return True
    told = rest.params[-1].name
    return any(
        told in names_in(one.test) and not any(call.name == "startswith" for call in find(one.test, Call))
        for one in conditions(answer)
    )


def _guards(module: Module, cls: Class, behind: Member) -> bool:
    """Tell whether a method that asks first, by itself or by its decorator, reaches what stands behind the object."""
    for method in cls.methods:
        reaches = any(is_this_member(one) and one.name == behind.name for one in find(method.body, Member))
        if reaches and (_is_refused_above(module, method) or any(is_check(module, c) for c in calls_in(method.body))):
            return True
    return False


def _is_refused_above(module: Module, method: Function) -> bool:
    """Tell whether a decorator of the subject may refuse the call."""
    for decorator in method.decorators:
        mark = strip(decorator)
        made = definition(module, mark.callee if isinstance(mark, Call) else mark)
        if isinstance(made, Function) and next(find(made.body, Throw), None) is not None:
            return True
    return False

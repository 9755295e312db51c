"""COM510: of several who are asked the first answer counts, and 0, no and nothing in a list count as none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, For, Function, If, Literal, Name, Return, strip
from reviewer.code.walk import find
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry
    from reviewer.experts.communication.invocations import Invocation

_NOTHING: Final = ("None", "null", "undefined")
_MAY_BE_FALSY: Final = regex(r"\b(int|float|bool|str|number|boolean|string|bytes)\b")
_SAYS_NOTHING: Final = regex(r"\b(None|null|undefined|nothing)\b")


@module_check("COM510")
def falsy_answer_lost(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop that gives back the first answer of a handler for how it tells an answer from none."""
    if module.is_test:
        return
    seen: set[int] = set()
    for found in invocations(inquiry, module):
        function, by = found.function, found.use.by
        if function is None or id(function) in seen or not isinstance(found.loop, For):
            continue
        name = by.target.id if isinstance(by, Assign) and isinstance(by.target, Name) else ""
        test = _taken(found, name) if name else None
        if test is None or not _none_is_none(module, function):
            continue
        seen.add(id(function))
        yield Match(
            test.test,
            f"'{short(module.text_of(test.test))}' takes an answer of 0, no, or an empty text or list for none, and "
            "the next one is asked: only one that stands for nothing should be passed over.",
            related=((found.call, "asked here"),),
        )


def _taken(found: Invocation, name: str) -> If | None:
    """Return the condition under which a loop ends with the answer of a handler: that it is true."""
    for test in find(found.loop.body, If, into_functions=False) if isinstance(found.loop, For) else ():
        asked = strip(test.test)
        asked = strip(asked.target) if isinstance(asked, Assign) else asked
        only = test.body[0] if len(test.body) == 1 and not test.orelse else None
        given = strip(only.value) if isinstance(only, Return) and only.value is not None else None
        if isinstance(asked, Name) and asked.id == name and isinstance(given, Name) and given.id == name:
            return test
    return None


def _none_is_none(module: Module, function: Function) -> bool:
    """Tell whether nothing is what says that there is no answer: by the end of the function, and what is said of it."""
    last = function.body[-1] if function.body else None
    ends = last.value if isinstance(last, Return) else None
    if isinstance(last, Return) and ends is not None and module.text_of(ends) not in _NOTHING:
        return False
    if _MAY_BE_FALSY.search(function.returns):
        return True
    if any(_told_apart(call) for call in module.calls((function.name,))) or _is_documented(module, function):
        return True
    project = module.project
    others = project.modules(naming={function.name}, tests=False) if project is not None and function.name else ()
    return any(_told_apart(call) for one in others if one is not module for call in one.calls((function.name,)))


def _is_documented(module: Module, function: Function) -> bool:
    first = function.body[0] if function.body else None
    value: Expr | None = getattr(first, "value", None)
    said = value.value if isinstance(value, Literal) and isinstance(value.value, str) else ""
    above = module.source[max(0, function.raw.start_byte - 300) : function.raw.start_byte].decode("utf-8", "replace")
    comment = above.rpartition("/**")[2] if above.rstrip().endswith("*/") else ""
    return bool(_SAYS_NOTHING.search(f"{said} {comment}"))


def _told_apart(call: Call) -> bool:
    """Tell whether who asks holds the answer against nothing: ``found ?? "hall"``, ``if found is not None``."""
    module_of = call.parent
    while module_of is not None and not isinstance(module_of, Assign | Binary | Function):
        module_of = module_of.parent
    if isinstance(module_of, Binary):
        return module_of.op == "??" or _is_nothing(module_of)
    if not isinstance(module_of, Assign) or not isinstance(module_of.target, Name):
        return False
    around = module_of.parent
    while around is not None and not isinstance(around, Function):
        around = around.parent
    name = module_of.target.id
    return isinstance(around, Function) and any(
        isinstance(one := strip(test.left), Name) and one.id == name and (test.op == "??" or _is_nothing(test))
        for test in find(around.body, Binary)
    )


def _is_nothing(test: Binary) -> bool:
    other = strip(test.right)
    return test.op in ("==", "!=") and isinstance(other, Literal) and other.value is None

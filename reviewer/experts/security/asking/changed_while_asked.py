"""SEC029: what the caller sent is checked, somebody is awaited, and then it is read from the caller's object again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Await, Call, For, Function, If, Index, Literal, Member, Name, Node, Param, While
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_GIVEN: Final = frozenset("args arguments params payload options request data body input message command".split())
_ASKS: Final = frozenset("confirm ask prompt approve approved consent dialog question choose show".split())
"""Words of a call that waits for a person."""
_COPIES: Final = frozenset({"dict", "deepcopy", "copy", "structuredClone", "assign", "parse"})


@module_check("SEC029", words=_ASKS)
def changed_while_asked(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each check of a member of what was handed in for a question to a person between it and the use."""
    if module.is_test:
        return
    for function in module.functions:
        if not function.asynchronous:
            continue
        questions = [node for node in find(function.body, Await, into_functions=False) if _asks(node)]
        for param in function.params:
            if questions and set(words(param.name)) & _GIVEN and not _is_frozen(module, function, param):
                match = _checked_then_read(module, function, param, questions[0])
                if match is not None:
                    yield match
                    break


def _asks(node: Await) -> bool:
    return isinstance(node.value, Call) and bool(set(words(node.value.name)) & _ASKS)


def _is_frozen(module: Module, function: Function, param: Param) -> bool:
    """Tell whether the function works on a copy, or nobody else can change what it was handed."""
    copied = any(
        call.name in _COPIES and any(isinstance(arg, Name) and arg.id == param.name for arg in call.args)
        for call in find(function.body, Call, into_functions=False)
    )
    return copied or param.type.startswith(("Readonly", "Mapping", "MappingProxy", "str", "int"))


def _checked_then_read(module: Module, function: Function, param: Param, question: Await) -> Match | None:
    """Return the finding where a member is tested before the question and read again after it."""
    reads = [node for node in find(function.body, Node) if _is_member_of(node, param) and function_of(node) is function]
    for test in reads:
        if test.start >= question.start or not _refused_by(test):
            continue
        for later in reads:
            if later.start < question.stop or module.text_of(later) != module.text_of(test):
                continue
            if not _refused_by(later):
                return Match(
                    test,
                    f"'{short(module.text_of(test))}' is checked here, and read from the caller's object again after "
                    "the question was answered: while the dialog is open the caller can change it.",
                    related=((later, "read again here"),),
                )
    return None


def _is_member_of(node: Node, param: Param) -> bool:
    if not isinstance(node, Index | Member) or not isinstance(node.object, Name) or node.object.id != param.name:
        return False
    called = isinstance(node.parent, Call) and node.parent.callee is node
    return not called and (isinstance(node, Member) or isinstance(node.key, Literal))


def _refused_by(test: Node) -> bool:
    """Tell whether a value decides about a refusal."""
    inner = test
    for around in ancestors(test):
        if isinstance(around, If):
            return inner is around.test and refuses(around.body)
        if isinstance(around, Function | For | While):
            return False
        inner = around
    return False

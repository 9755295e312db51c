"""SEC006: a yes or no of a settings file is read as text, and every text is true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.links import declared_type
from reviewer.code.syntax import Binary, Call, Expr, Function, If, Literal, Node, Return, Unary, strip
from reviewer.code.walk import function_of
from reviewer.code.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PARSERS: Final = ("configparser.ConfigParser", "configparser.RawConfigParser", "configparser.SafeConfigParser")
_NOT_ANSWERS: Final = word_set(
    "url uri path file folder dir directory name user host address token key password secret title label text "
    "template format level mode email command program module id version list names hosts paths"
)
"""Last words of an option of which one asks whether it is there at all."""


@module_check("SEC006", words={"configparser"})
def setting_text_truth(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each option of a settings file whose truth decides a yes or a no."""
    if module.is_test or module.language != "python":
        return
    for call in module.calls(("get",)):
        option = call.arg(1, "option")
        if call.receiver is None or not isinstance(option, Literal) or not isinstance(option.value, str):
            continue
        if words(option.value)[-1:] and words(option.value)[-1] in _NOT_ANSWERS:
            continue
        if _is_parser(module, call.receiver) and _decides(call):
            yield Match(
                call,
                f"'{short(module.text_of(call))}' gives the text of '{option.value}', and 'no', 'false' and '0' are "
                "as true as any other text; 'getboolean' reads a yes or a no.",
            )


def _is_parser(module: Module, expr: Expr) -> bool:
    resolved = module.resolve(expr)
    declared = declared_type(module, expr).rsplit(".", 1)[-1]
    return resolved.removesuffix("()") in _PARSERS or declared in ("ConfigParser", "RawConfigParser")


def _decides(call: Call) -> bool:
    """Tell whether the truth of a value becomes a yes or a no, and the value itself goes nowhere."""
    inner: Node = call
    around = call.parent
    while isinstance(around, Binary | Unary) and around.op in ("and", "or", "not"):
        inner, around = around, around.parent
    if isinstance(around, Call) and around.name == "bool" and len(around.args) == 1:
        return True
    function = function_of(call)
    if isinstance(around, Return):
        return isinstance(inner, Unary) or (function is not None and function.returns == "bool")
    if not isinstance(around, If) or around.test is not inner:
        return False
    return function is not None and (function.returns == "bool" or _answers_yes_or_no(function))


def _answers_yes_or_no(function: Function) -> bool:
    answers = [strip(one.value) for one in returns_of(function) if one.value is not None]
    return bool(answers) and all(isinstance(one, Literal) and isinstance(one.value, bool) for one in answers)

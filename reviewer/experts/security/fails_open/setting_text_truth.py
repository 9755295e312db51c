"""SEC006: a yes or no of a settings file is read as text, and every text is true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import declared_type
from reviewer.code.syntax import Binary, Call, Expr, Function, If, Literal, Member, Node, Return, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PARSERS: Final = ("configparser.ConfigParser", "configparser.RawConfigParser", "configparser.SafeConfigParser")
_TEXT_METHODS: Final = frozenset({"split", "trim", "toLowerCase", "toUpperCase", "startsWith", "endsWith", "replace"})
_NOT_ANSWERS: Final = word_set(
    "url uri path file folder dir directory name user host address token key password secret title label text "
    "template format level mode email command program module id version list names hosts paths"
)
"""Last words of an option of which one asks whether it is there at all."""


@module_check("SEC006", words={"configparser", "settings", "setting", "config", "options", "policy", "preferences"})
def setting_text_truth(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each option of a settings file whose truth decides a yes or a no."""
    if module.is_test:
        return
    if module.language != "python":
        yield from _of_scripts(module)
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


def _of_scripts(module: Module) -> Iterator[Match]:
    """Find options of a map whose truth is taken, where other options of the same map are texts."""
    texts: dict[str, Call] = {}
    asked: list[tuple[str, Call]] = []
    for call in module.calls(("get",)):
        key = strip(call.args[0]) if len(call.args) == 1 else None
        if call.receiver is None or key is None:
            continue
        holder = module.text_of(call.receiver)
        if _is_used_as_text(call):
            texts.setdefault(holder, call)
        elif isinstance(key, Literal) and isinstance(key.value, str) and not set(words(key.value)[-1:]) & _NOT_ANSWERS:
            asked.extend([(holder, call)] if _becomes_yes_or_no(call) else [])
    for holder, call in asked:
        if holder in texts:
            yield Match(
                call,
                f"'{short(module.text_of(call))}' gives a text, and 'no' and 'false' are as true as any other: compare "
                "it with the text that means yes.",
                related=((texts[holder], "another option of the same settings, used as text"),),
            )


def _is_used_as_text(call: Call) -> bool:
    """Tell whether an option is text: it is compared with one, has one for a default, or is taken apart."""
    around = call.parent
    if isinstance(around, Binary) and around.op in ("??", "or", "==", "!="):
        other = strip(around.right if around.left is call else around.left)
        return isinstance(other, Literal) and isinstance(other.value, str)
    return isinstance(around, Member) and around.name in _TEXT_METHODS


def _becomes_yes_or_no(call: Call) -> bool:
    """Tell whether nothing but the truth of a value is kept: ``!!x``, ``Boolean(x)``, ``return !x``."""
    around = call.parent
    if isinstance(around, Call):
        return around.name == "Boolean" and len(around.args) == 1
    if not isinstance(around, Unary) or around.op != "not":
        return False
    return isinstance(around.parent, Return) or (isinstance(around.parent, Unary) and around.parent.op == "not")


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

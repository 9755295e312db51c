"""SEC006: a yes or no of a settings file is read as text, and every text is true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.branches import ways
from reviewer.code.flow import returns_of
from reviewer.code.reach.links import declared_type
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Comprehension,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import surroundings, word_set
from reviewer.experts.security.values.listed import list_of
from reviewer.experts.security.vocabulary import PERMISSION, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PARSERS: Final = ("configparser.ConfigParser", "configparser.RawConfigParser", "configparser.SafeConfigParser")
_TEXT_METHODS: Final = frozenset({"split", "trim", "toLowerCase", "toUpperCase", "startsWith", "endsWith", "replace"})
_ADDS: Final = frozenset({"add", "append", "update"})
_NOT_ANSWERS: Final = word_set(
    "url uri path file folder dir directory name user host address token key password secret title label text "
    "template format level mode email command program module id version list names hosts paths"
)
"""Last words of an option of which one asks whether it is there at all."""


_OF_RIGHTS: Final = PERMISSION | TABLES
"""Words of what holds rights."""


@module_check(
    "SEC006", words={"configparser", "csv", "settings", "setting", "config", "options", "policy", "preferences"}
)
def setting_text_truth(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each option of a settings file whose truth decides a yes or a no."""
    if module.is_test:
        return
    if module.language != "python":
        yield from _of_scripts(module)
        return
    for read in module.some(Call, Index):
        if not isinstance(read, Call | Index):
            continue
        option = _option(module, read)
        if option and not set(words(option)[-1:]) & _NOT_ANSWERS and _decides(read):
            of_settings = isinstance(read, Call) or _is_section(module, read.object)
            better = "'getboolean' reads" if of_settings else "compare it with the text that means yes to read"
            yield Match(
                read,
                f"'{short(module.text_of(read))}' gives the text of '{option}', and 'no', 'false' and '0' are as true "
                f"as any other text; {better} a yes or a no.",
            )


def _option(module: Module, read: Call | Index) -> str:
    """Return the name of the option, or of the cell of a table of rights, that is read as text; else nothing."""
    if isinstance(read, Call):
        if read.name != "get" or read.receiver is None:
            return ""
        holder, key = read.receiver, read.arg(0 if _is_section(module, read.receiver) else 1, "option")
    else:
        holder, key = read.object, read.key
    if not isinstance(key, Literal) or not isinstance(key.value, str):
        own = isinstance(read, Call) and _is_parser(module, holder)
        return module.text_of(key) if own and key is not None and surroundings(function_of(read)) & _OF_RIGHTS else ""
    if isinstance(read, Call) and _is_parser(module, holder):
        return key.value
    return key.value if _is_section(module, holder) or _is_row_of_rights(module, holder) else ""


def _is_section(module: Module, holder: Expr) -> bool:
    """Tell whether a value is one section of a settings file: ``parser["hall"]``, a parameter declared as one."""
    if declared_type(module, holder).rsplit(".", 1)[-1] == "SectionProxy":
        return True
    made = module.scopes.origin(holder)
    return isinstance(made, Index) and _is_parser(module, made.object)


def _is_row_of_rights(module: Module, holder: Expr) -> bool:
    """Tell whether a value is a row of texts, of a file of rights by the name of what reads it."""
    many = list_of(module, holder)
    made = module.scopes.origin(many) if many is not None else None
    if not isinstance(made, Call) or module.resolve(made.callee) != "csv.DictReader":
        return False
    around = surroundings(function_of(holder)) | set(words(module.path.rsplit("/", 1)[-1]))
    return bool(around & _OF_RIGHTS)


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


def _decides(call: Call | Index) -> bool:
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
    if function is None:
        return False
    if isinstance(around, Comprehension):  # {right for right in ALL if parser.get(plugin, right)}
        return any(test is inner for test in around.tests) and bool(surroundings(function) & _OF_RIGHTS)
    if not isinstance(around, If) or around.test is not inner:
        return False
    return function.returns == "bool" or _answers_yes_or_no(function) or _gathers(function, around)


def _gathers(function: Function, test: If) -> bool:
    """Tell whether a function about rights adds to what it gives back where a test holds: ``held |= right``."""
    given = {one.value.id for one in returns_of(function) if isinstance(one.value, Name)}
    then, other = ways(test)
    added = [one.target for one in find([*then, *other], Assign) if one.op in ("|=", "+=")]
    added += [one.receiver for one in find([*then, *other], Call) if one.name in _ADDS and one.receiver is not None]
    grows = any(isinstance(one, Name) and one.id in given for one in added)
    return grows and bool(surroundings(function) & _OF_RIGHTS)


def _answers_yes_or_no(function: Function) -> bool:
    answers = [strip(one.value) for one in returns_of(function) if one.value is not None]
    return bool(answers) and all(isinstance(one, Literal) and isinstance(one.value, bool) for one in answers)

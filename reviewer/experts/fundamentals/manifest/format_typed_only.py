"""FUN368: the format's version is asked to be a number, and which one it is nobody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Call,
    Cast,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.fundamentals.manifest.format_version_unread import FORMATS
from reviewer.experts.security.deciding.refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_OF_TYPE: Final = frozenset({"isinstance", "isInteger", "isSafeInteger", "isFinite", "Number", "int", "is_integer"})
"""Calls that ask what kind of thing a value is."""
_VERSIONS: Final = frozenset({"version", "format", "revision"})


@module_check("FUN368", words=_VERSIONS)
def format_typed_only(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that refuses a manifest for how it asks the version of the format."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for function in module.functions:
        for test in find(function.body, If, into_functions=False):
            found = next((one for one in _reads(module, test.test) if _is_format(function, one[1])), None)
            if found is None or not refuses(test.body) or not _asks_type(found[0]):
                continue
            read, name = found
            if any(_compared_in(inquiry, name)):
                continue
            yield Match(
                test.test,
                f"'{short(module.text_of(read))}' has to be a number, and any number will do: a manifest of a later "
                "format is taken for one of this, and what changed between them goes wrong without a word.",
            )
            return


def _reads(module: Module, test: Expr) -> Iterator[tuple[Expr, str]]:
    """Yield what a test asks of members, with their names: at once, or by a name that a member was given before."""
    for part in find(test, Expr):
        made = module.scopes.origin(part) if isinstance(part, Name) else part
        name = _named(made) if isinstance(made, Expr) else ""
        if name:
            yield part, name


def _named(read: Expr) -> str:
    """Return the member that is read: ``raw.level``, ``raw["level"]``, ``raw.get("level")``."""
    if isinstance(read, Member):
        return read.name
    key = read.key if isinstance(read, Index) else None
    if isinstance(read, Call) and read.name in ("get", "pop") and read.args and read.receiver is not None:
        key = read.args[0]
    return str(key.value) if isinstance(key, Literal) else ""


def _is_format(function: Function, name: str) -> bool:
    """Tell whether a member is the version of the format: by its name, or as it is called after what is parsed."""
    said = words(name)
    if "".join(said) in FORMATS:
        return True
    about = {*words(function.name), *words(function.returns)}
    return len(said) > 1 and said[-1] in _VERSIONS and set(said[:-1]) <= about  # ``sheetVersion`` of ``parseSheet``


def _asks_type(read: Expr) -> bool:
    """Tell whether a read only asks what kind of thing there is: ``typeof x.version``, ``isinstance(x["v"], int)``."""
    around = read.parent
    if isinstance(around, Unary):
        return around.op == "typeof"
    return isinstance(around, Call) and around.name in _OF_TYPE and any(strip(arg) is read for arg in around.args)


def _compared_in(inquiry: Inquiry, name: str) -> Iterator[bool]:
    """Yield for each file whether it does more with the number than to ask its type, or to hand it on."""
    question = f"fundamentals.format {name} compared"
    yield from inquiry.project.answers(question, lambda one: _compares(one, name), naming={name}, tests=False)


def _compares(module: Module, name: str) -> bool:
    for read in module.some(Member, Index, Call):
        if not isinstance(read, Expr) or _named(read) != name or _is_callee(read):
            continue
        if any(not _asks_type(use) and not _copies(use) for use in _uses(read)):
            return True
    return False


def _is_callee(read: Expr) -> bool:
    return isinstance(read.parent, Call) and read.parent.callee is read


def _uses(read: Expr) -> Iterator[Expr]:
    """Yield a read itself, or where the name is used that it is given."""
    given = read.parent
    function = function_of(read)
    if not isinstance(given, Assign) or not isinstance(given.target, Name) or function is None:
        yield read
        return
    for use in find(function.body, Name):
        if use.id == given.target.id and use is not given.target:
            yield use


def _copies(read: Expr) -> bool:
    """Tell whether a number only goes into a record: ``{ sheetVersion: raw.sheetVersion }``, ``Sheet(level)``."""
    around = read.parent
    while isinstance(around, Cast):
        read, around = around, around.parent
    if isinstance(around, Call) and any(one is read for one in (*around.args, *around.keywords.values())):
        return any(one is read for one in around.keywords.values()) or around.new or around.name[:1].isupper()
    return isinstance(around, Object)

"""FUN368: the format's version is asked to be a number, and which one it is nobody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Function, If, Index, Literal, Member, Object, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
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
            read = next((one for one in _reads(test.test) if _is_format(function, _named(one))), None)
            if read is None or not refuses(test.body) or not _asks_type(read):
                continue
            if any(_compared_in(inquiry, _named(read))):
                continue
            yield Match(
                test.test,
                f"'{short(module.text_of(read))}' has to be a number, and any number will do: a manifest of a later "
                "format is taken for one of this, and what changed between them goes wrong without a word.",
            )
            return


def _reads(test: Expr) -> Iterator[Member | Index]:
    yield from find(test, Member)
    yield from find(test, Index)


def _named(read: Member | Index) -> str:
    if isinstance(read, Member):
        return read.name
    return str(read.key.value) if isinstance(read.key, Literal) else ""


def _is_format(function: Function, name: str) -> bool:
    """Tell whether a member is the version of the format: by its name, or as it is called after what is parsed."""
    said = words(name)
    if "".join(said) in FORMATS:
        return True
    about = {*words(function.name), *words(function.returns)}
    return len(said) > 1 and said[-1] in _VERSIONS and set(said[:-1]) <= about  # ``sheetVersion`` of ``parseSheet``


def _asks_type(read: Member | Index) -> bool:
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
    for read in module.some(Member, Index):
        if isinstance(read, Member | Index) and _named(read) == name and not _asks_type(read) and not _copies(read):
            return True
    return any(
        call.name in ("get", "pop") and call.args and getattr(strip(call.args[0]), "value", None) == name
        for call in module.all(Call)
    )


def _copies(read: Member | Index) -> bool:
    """Tell whether a number only goes into a record: ``{ manifestVersion: raw.manifestVersion }``."""
    around = read.parent
    return isinstance(around, Object) or (isinstance(around, Call) and read in around.keywords.values())

"""API051: an error takes what caused it, and lets it go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Name
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Function, Param

_ERRORS: Final = frozenset({"error", "exception", "exc"})
_CAUSES: Final = frozenset({"cause", "original", "inner", "underlying"})


@module_check("API051", words={"error", "exception"})
def cause_unused(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at how each class of errors is made for a cause that it is handed and does nothing with."""
    if module.is_test:
        return
    for cls in module.classes:
        made = next((one for one in cls.methods if one.kind == "constructor" or one.name == "__init__"), None)
        if made is None or made.signature_only or not _is_error(cls) or not any(_supers(made)):
            continue
        for param, name in _causes(module, made):
            if not any(one.id == name for one in find(made.body, Name)):
                yield Match(
                    param,
                    f"'{cls.name}' is handed what caused it as '{name}', and does nothing with it: whoever reads the "
                    "error sees that something failed, and never why.",
                    fix=f"Hand it on: `super(message, {name})`."
                    if module.language != "python"
                    else f"Keep it: `self.__cause__ = {name}`.",
                )


def _is_error(cls: Class) -> bool:
    return any(set(last_words(base)[-1:]) & _ERRORS for base in cls.bases)


def _supers(made: Function) -> Iterator[bool]:
    """Yield for each call by which the class above is made."""
    for call in calls_in(made.body):
        yield call.name in ("super", "__init__")


def _causes(module: Module, made: Function) -> Iterator[tuple[Param, str]]:
    """Yield the parameters that bring a cause, with the names by which the constructor knows them."""
    for param in made.params:
        if param.access:
            continue
        if param.name and (set(words(param.name)) & _CAUSES or "cause" in param.type or "ErrorOptions" in param.type):
            yield param, param.name
        for given, local in param.fields.items():
            if given == "cause":
                yield param, local

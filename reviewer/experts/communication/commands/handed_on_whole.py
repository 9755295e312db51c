"""Tells a helper that hands on all that it gets from one that is asked for a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_SPOKEN: Final = frozenset("rpc command commands message request remote dispatch receive".split())
"""Words of functions that take a command from somebody else."""


def passes_everything(module: Module, name: Expr) -> bool:
    """Tell whether a helper hands on all that it gets, as code does to code: ``getattr(one, name)(*args, **kwargs)``.

    A command comes with a payload.
    """
    said, function = strip(name), function_of(name)
    bound = module.scopes.lookup(said.id, said) if isinstance(said, Name) else []
    rests = {param.name.lstrip("*") for param in function.params if param.rest} if function is not None else set()
    told = any(isinstance(one, Param) and one.parent is function for one in bound)
    if any(isinstance(one, Param) and isinstance(one.default, Literal) and one.default.value for one in bound):
        return True  # the name of a method as code has it: ``closer="close"``
    return told and len(rests) > 1 and not _SPOKEN & set(words(function.name if function is not None else ""))

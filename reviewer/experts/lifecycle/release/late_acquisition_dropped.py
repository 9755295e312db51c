"""LIF102: what is to be given back comes after the end, and is neither kept nor given back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Function, If, Member, Name, Param, Throw, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import path_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_OVER: Final = word_set("closed disposed ended stopped done released destroyed torn finished over dead gone terminated")
_UNDOES: Final = word_set(
    "undo dispose disposer disposable cleanup teardown release off finalizer unsubscribe closer stop callback handle "
    "resource subscription destructor fn"
)
_KEEPS: Final = frozenset({"push", "add", "append", "set", "unshift"})


@module_check("LIF102", words=_OVER)
def late_acquisition_dropped(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that keeps ways back for what it does with one that comes too late."""
    if module.is_test:
        return
    for function in module.functions:
        for param in function.params:
            if _UNDOES.isdisjoint(words(param.name)) or param.rest or not _is_kept(function, param):
                continue
            for test in function.body:
                if isinstance(test, If) and _when_over(test) and _forgets(test, param):
                    yield Match(
                        test,
                        f"When '{function.name}' is called after the end, '{param.name}' is dropped here: what it "
                        "would give back stays taken for ever.",
                    )


def _is_kept(function: Function, param: Param) -> bool:
    """Tell whether a function puts what it is given, and it is something that gives back, into a list."""
    return any(
        call.name in _KEEPS
        and isinstance(call.callee, Member)
        and not _UNDOES.isdisjoint(_singular(path_words(call.receiver)))
        and any(isinstance(strip(arg), Name) and getattr(strip(arg), "id", "") == param.name for arg in call.args)
        for call in calls_in(function.body, into_functions=False)
    )


def _singular(said: set[str]) -> set[str]:
    return said | {word.removesuffix("s") for word in said}


def _when_over(test: If) -> bool:
    """Tell whether a branch is the one that is taken after the end: ``if (this.closed)``."""
    asked = strip(test.test)
    if isinstance(asked, Unary):
        return False
    return isinstance(asked, Member | Name) and not _OVER.isdisjoint(path_words(asked))


def _forgets(test: If, param: Param) -> bool:
    """Tell whether a branch leaves without a word to the caller, and without a use of what it was given."""
    if not exits(test.body) or any(True for _ in find(test.body, Throw)):
        return False
    return param.name not in names_in(test.body)

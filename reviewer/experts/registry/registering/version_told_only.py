"""REG071: that a version is there already is only written down, and it is entered all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import siblings
from reviewer.code.syntax import Binary, Call, If, Return, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words
from reviewer.experts.registry.entering import params_in
from reviewer.experts.registry.vocabulary import REGISTERS, VERSIONS
from reviewer.experts.told_only import only_tells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_LOOKS: Final = frozenset({"some", "any", "find", "has", "includes", "get"})
_ENTERS: Final = REGISTERS | {"upload", "release", "add"}
_FORCED: Final = frozenset({"force", "overwrite", "replace", "again", "update"})
"""Words by which somebody says that he means to replace what is there."""


@module_check("REG071", words=_ENTERS & {"publish", "add", "submit", "register", "upload", "release", "enter", "put"})
def version_told_only(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look, in what enters a version, at the question whether it is there that nothing hangs on."""
    if module.is_test:
        return
    for test in module.all(If):
        function = function_of(test)
        if function is None or test.orelse or not test.body or not all(map(only_tells, test.body)):
            continue
        if not set(words(function.name)[:1]) & _ENTERS or {p.name for p in function.params} & _FORCED:
            continue
        if _asks_for_version(module, test.test) and _goes_on(test):
            yield Match(
                test.test,
                f"That '{short(module.text_of(test.test))}' is only written down: '{function.name}' enters the version "
                "all the same, and the bytes behind it change under those who rely on it.",
            )


def _asks_for_version(module: Module, test: Expr) -> bool:
    """Tell whether a test holds where a version that somebody gives is among those that are there."""
    asked = strip(test)
    if isinstance(asked, Binary) and asked.op == "in":
        return bool(set(last_words(asked.left)) & VERSIONS) and bool(params_in(module, asked.left))
    if not isinstance(asked, Call) or asked.name not in _LOOKS:
        return False
    if asked.args and set(last_words(asked.args[0])) & VERSIONS:
        return bool(params_in(module, asked.args[0]))
    compares = (one for arg in asked.args for one in find(arg, Binary) if one.op == "==")
    return any({*last_words(one.left)} & {*last_words(one.right)} & VERSIONS for one in compares)


def _goes_on(test: If) -> bool:
    """Tell whether something is done behind a test."""
    beside = siblings(test)
    later = beside[beside.index(test) + 1 :] if test in beside else []
    return any(not isinstance(one, Return) for one in later) and any(True for _ in calls_in(later))

"""FUN443: what a name has to look like is written down, and nothing is ever held against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Expr, Name, Regex, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CHANGES: Final = frozenset("remove reinsert zap strip replace find split clean collapse trim skip sub drop".split())
"""First words of a pattern by which a text is changed, and not judged."""
_COMPILES: Final = frozenset({"re.compile", "regex.compile", "re2.compile"})


@module_check("FUN443", words={"re", "const", "compile"})
def grammar_unused(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each whole pattern that a file gives a name of its own, for any use of that name."""
    if module.is_test or is_tooling(module.path):
        return
    for assign in module.all(Assign):
        name = assign.target.id if isinstance(assign.target, Name) else ""
        if not name.isupper() or assign.value is None or function_of(assign) is not None:
            continue
        if _CHANGES & set(words(name)[:1]):
            continue
        if _is_whole(module, assign.value) and not _is_used(inquiry, module, assign, name):
            yield Match(
                assign,
                f"'{name}' says what a text has to look like, and nothing is held against it anywhere: what it was "
                "written for goes on unchecked.",
            )


def _is_whole(module: Module, value: Expr) -> bool:
    """Tell whether a value is a compiled pattern."""
    made = strip(value)
    return isinstance(made, Regex) or (isinstance(made, Call) and module.resolve(made.callee) in _COMPILES)


def _is_used(inquiry: Inquiry, module: Module, assign: Assign, name: str) -> bool:
    """Tell whether a name is read in its own file, or spoken of in any other one."""
    if any(one.id == name and one is not assign.target for one in module.all(Name)):
        return True
    if module.source.count(name.encode()) > 1:
        return True  # exported by a list, or spoken of in a text
    return any(other is not module for other in inquiry.project.modules(naming={name}))

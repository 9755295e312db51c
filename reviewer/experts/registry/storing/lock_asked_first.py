"""REG391: a lock file is asked for and then made, in two steps that two processes can take at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr
from reviewer.code.walk import find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.turns.file_locks import LOCKS, created_locks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS: Final = frozenset(
    "access accessSync exists existsSync stat statSync lstat is_file pathExists isfile isFile".split()
)
_ALONE: Final = ("'wx", '"wx', "'x'", '"x"', "'ax", '"ax', "O_EXCL", "exist_ok=False", "'x+'")
_VERSIONS: Final = regex(r"(?i)(?:yarn|package|pnpm|bun|poetry|pdm|uv|cargo|composer|gemfile|pipfile|flake)[-.]?lock\b")
_ATOMIC: Final = frozenset({"mkdir", "mkdirSync", "symlink", "link"})


@module_check("REG391", words=LOCKS)
def lock_asked_first(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each lock file that is made, for a question before and for what makes it in one step."""
    if module.is_test:
        return
    for made, path in created_locks(module):
        if _in_one_step(module, made) or _is_of_packages(module, path):
            continue
        asked = _asked(module, made, path)
        if asked is not None:
            yield Match(
                made,
                f"'{short(module.text_of(asked))}' asks for the lock, and '{made.name}' makes it, in two steps: two "
                "processes that ask at the same time both find it free, and both go on.",
                related=((asked, "asked here"),),
            )


def _is_of_packages(module: Module, path: Expr) -> bool:
    """Tell whether a lock file is one in which a package manager keeps versions, and locks nothing."""
    made = module.scopes.origin(path)
    return any(_VERSIONS.search(module.text_of(one)) for one in (path, made) if isinstance(one, Expr))


def _in_one_step(module: Module, made: Call) -> bool:
    """Tell whether a file is made only where there is none."""
    text = module.text_of(made)
    return any(mark in text for mark in _ALONE) or (made.name in _ATOMIC and "recursive" not in text)


def _asked(module: Module, made: Call, path: Expr) -> Call | None:
    """Return the question whether the lock is there that comes before."""
    function = function_of(made)
    wanted = module.text_of(path)
    for call in find(function.body, Call) if function is not None else ():
        if call.name not in _ASKS or call.raw.start_byte >= made.raw.start_byte:
            continue
        place = call.args[0] if call.args else call.receiver
        if place is not None and module.text_of(place) == wanted:
            return call
    return None

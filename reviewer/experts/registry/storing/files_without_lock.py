"""REG061: one method takes files away, or moves them, without the lock under which its neighbours put them there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Class, Expr, Function, Literal, Member, Name, strip
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.registry.storing.changed_outside_lock import LOCKS, locked_stretches
from reviewer.experts.registry.storing.lock_left_out import is_under, takes_turns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CHANGES: Final = frozenset(
    "rmtree rm rmSync rmdir unlink unlinkSync remove rename renameSync renames move replace copytree cp cpSync".split()
)
"""Calls that take a file or a folder away, or put it elsewhere."""
_MODULES: Final = frozenset({"os", "shutil", "fs", "fs-extra", "node:fs"})
_OF_LISTS: Final = frozenset({"remove", "move"})
_ROOTS: Final = word_set("home root folder dir directory path base store")
_DEEPEST: Final = 3


@module_check("REG061", words=LOCKS)
def files_without_lock(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class that changes the files below its folder under a lock for a method that does so without."""
    if module.is_test:
        return
    stretches = [start for start, _body, _function in locked_stretches(module)]
    for cls in module.all(Class) if stretches else ():
        changes = [one for method in cls.methods for one in _changes(module, method)]
        held = {root: call for method, call, roots in changes if is_under(call, stretches) for root in roots}
        for method, call, roots in changes:
            root = next((one for one in sorted(roots) if one in held), "")
            if not root or is_under(call, stretches) or method.private or takes_turns(method):
                continue
            if any(is_under(one, stretches) for one in module.calls((method.name,))):
                continue  # who calls it holds the lock
            yield Match(
                call,
                f"'{method.name}' changes the files below '{root}' without the lock that is held on line "
                f"{held[root].line}: '{short(module.text_of(call))}' runs while another puts them there.",
                related=((held[root], "under the lock there"),),
            )
            break


def _changes(module: Module, method: Function) -> Iterator[tuple[Function, Call, set[str]]]:
    """Yield what a method does to files below folders that its object was given: (method, call, fields)."""
    for call in calls_in(method.body):
        if call.name not in _CHANGES or not _is_of_files(module, call):
            continue
        parts: list[Expr] = [*call.args[:2], *([call.receiver] if call.receiver is not None else [])]
        roots = {root for part in parts for root in _roots(module, part, _DEEPEST)}
        if roots:
            yield method, call, roots


def _is_of_files(module: Module, call: Call) -> bool:
    """Tell whether a call is one of files, and none of a text or a list: ``text.replace(a, b)``."""
    if call.receiver is None or module.resolve(call.callee).split(".", 1)[0].split("/", 1)[0] in _MODULES:
        return True
    alone = len(call.args) <= 1 and not any(isinstance(strip(arg), Literal) for arg in call.args)
    return call.name not in _OF_LISTS and alone


def _roots(module: Module, part: Expr, depth: int) -> Iterator[str]:
    """Yield the fields for folders that a path is made of."""
    for member in find(part, Member):
        if is_this_member(member) and path_words(member) & _ROOTS:
            yield member.name
    for name in find(part, Name) if depth else ():
        made = module.scopes.origin(name) if name.id != "this" else None
        if isinstance(made, Expr) and made is not name:
            yield from _roots(module, made, depth - 1)

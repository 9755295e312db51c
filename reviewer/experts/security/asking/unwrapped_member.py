"""SEC022: one member of a facade goes without the guard that is wrapped around the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, ExprStatement, Function, Literal, Member, Name, Object, Return, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.security.deciding.guarding import is_guarding
from reviewer.experts.security.deciding.operations import guard_in
from reviewer.experts.security.handing.sandboxes import PLUGIN_WORDS
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASIDE: Final = word_set(
    "id name version title label locale theme language log logger on off once subscribe unsubscribe dispose close now "
    "ready help ping info"
)
"""Members that need no permission of their own."""
_READS: Final = word_set("get list find read has is can peek show describe count status state current view")
"""First words of what tells something, and does nothing."""
_ENOUGH: Final = 2
_DEEPEST: Final = 3


@module_check("SEC022", words=TRIGGERS | {"guard", "guarded", "check", "protect", "require"})
def unwrapped_member(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the members of each object whose functions are wrapped by a guard with those that are not."""
    if module.is_test:
        return
    for made in module.all(Object):
        if any(isinstance(around, Object) for around in ancestors(made)):
            continue
        leaves = list(_leaves(made, 0))
        wrapped = [value for _name, value in leaves if isinstance(value, Call) and _wraps(module, value)]
        served = {root for value in wrapped for root in _roots(module, strip(value.args[-1]))}
        if len(wrapped) < _ENOUGH or not served:
            continue
        bare = [
            (name, value)
            for name, value in leaves
            if isinstance(value, Function)
            and not set(words(name)) & _ASIDE
            and not guard_in(module, value, value.body)
            and _roots(module, value) & served
        ]
        if len(bare) * 3 > len(wrapped) and not _acts_as_both(module, wrapped, bare):
            continue
        for name, value in bare:
            yield Match(
                value,
                f"'{name}' reaches what the members beside it reach, and the guard that is wrapped around them is not "
                "around it.",
                related=((wrapped[0], "this one is guarded"),),
            )


def _leaves(made: Object, depth: int) -> Iterator[tuple[str, Expr]]:
    """Yield the members of an object and of the objects inside it, frozen or not."""
    for key, value in made.entries:
        inner = strip(value)
        if isinstance(inner, Call) and inner.name in ("freeze", "seal") and inner.args:
            inner = strip(inner.args[0])
        if isinstance(inner, Object) and depth < _DEEPEST:
            yield from _leaves(inner, depth + 1)
        elif isinstance(key, Literal):
            yield str(key.value), inner


def _acts_as_both(module: Module, wrapped: list[Call], bare: list[tuple[str, Function]]) -> bool:
    """Tell whether the only one without a guard does something with the very object that the others do it with."""
    if len(wrapped) != _ENOUGH or len(bare) != 1:
        return False
    name, work = bare[0]
    only = work.body[0] if len(work.body) == 1 else None
    done = strip(only.value) if isinstance(only, Return | ExprStatement) and only.value is not None else None
    if not isinstance(done, Call) or done.receiver is None or {*words(name)[:1], *words(done.name)[:1]} & _READS:
        return False
    roots = [_roots(module, strip(one.args[-1])) for one in wrapped]
    return bool(_roots(module, done) & roots[0] & roots[1])


def _wraps(module: Module, call: Call) -> bool:
    return len(call.args) > 1 and isinstance(strip(call.args[-1]), Function) and is_guarding(module, call)


def _roots(module: Module, by: Expr) -> set[str]:
    """Return the names from outside of whose members a function uses something."""
    own = {param.name for param in by.params} if isinstance(by, Function) else set()
    found = set()
    for member in find(by, Member):
        root = strip(member.object)
        if isinstance(root, Name) and root.id not in own | {"this"} and module.scopes.lookup(root.id, root):
            found.add(root.id)
    return {name for name in found if not set(words(name)) & PLUGIN_WORDS}  # its own settings are its own

"""PAT015: the results of a method are kept by a decorator, and its object with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.reach.links import lineage
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Class, Literal, Member, strip
from reviewer.code.walk import walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.patterns.wrapped import wrapped

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("PAT015", words={"cache", "memoize", "memoized", "cached"})
def cached_on_method(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a process-wide cache decorates a method."""
    if module.is_test or module.language != "python":
        return
    for kept in wrapped(module):
        function = kept.function
        names = {module.text_of(d).split("(")[0] for d in function.decorators}
        if function.owner is None or function.static or names & {"classmethod", "staticmethod", "property"}:
            continue
        if kept.by not in ("lru_cache", "cache", "memoize", "memoized"):
            continue
        if _is_value(function.owner):
            continue  # equal objects are one key, and what is kept of one answers for all
        reads = sorted(
            {n.name for n in walk(function.body) if isinstance(n, Member) and is_this_member(n) and not _is_called(n)}
        )
        state = f", and a later change of 'self.{reads[0]}' is not seen" if reads else ""
        yield Match(
            kept.node,
            f"'{kept.by}' keeps every object whose '{function.name}' was called as long as the process runs{state}.",
        )


def _is_called(member: Member) -> bool:
    return isinstance(member.parent, Call) and member.parent.callee is member


def _is_value(cls: Class) -> bool:
    """Tell whether the objects of a class are compared and hashed by what they hold."""
    if all(any(one.method(name) is not None for one in lineage(cls)) for name in ("__eq__", "__hash__")):
        return True
    made = (one for one in cls.decorators if isinstance(one, Call))
    said = [one.keywords[key] for one in made for key in ("frozen", "unsafe_hash") if key in one.keywords]
    return any(isinstance(strip(one), Literal) and getattr(strip(one), "value", None) is True for one in said)

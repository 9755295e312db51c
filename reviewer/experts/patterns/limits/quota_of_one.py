"""PAT630: a quota for all that somebody keeps is held against the one thing that is put in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, If, Member, Name, Param, Throw, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, said_in, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Expr, Function
    from reviewer.experts.check import Inquiry

_WHOLE: Final = word_set("quota total budget allowance")
"""Words of a limit for everything together."""
_OF_ONE: Final = word_set("item value entry file key one each single per name message line row record payload")
"""Words of a limit for one thing."""
_SUMS: Final = word_set("used usage sum taken spent held size sizes occupied consumed remaining left free stored count")
_PUTS: Final = word_set("write put set save store add append upload insert")


@module_check("PAT630", words=_WHOLE | {"max", "limit", "most"})
def quota_of_one(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each refusal by the length of what is put in, for whether the limit is meant for all of it."""
    if module.is_test:
        return
    for test in module.all(If):
        method = function_of(test)
        cls = method.owner if method is not None else None
        if method is None or cls is None or not test.body or not isinstance(test.body[-1], Throw):
            continue
        asked = strip(test.test)
        found = _compared(module, asked) if isinstance(asked, Binary) else None
        if found is None or not _for_all(found[1], cls) or not _puts_under_a_key(method, found[0]):
            continue
        if said_in(method.body) & _SUMS or any(one.op == "+" for one in find(asked, Binary)):
            continue
        yield Match(
            asked,
            f"'{short(module.text_of(found[1]))}' is for all that is kept, and '{short(module.text_of(asked))}' holds "
            "it against the one thing that comes in: as many of them as one likes fit.",
        )


def _compared(module: Module, test: Binary) -> tuple[Name, Expr] | None:
    """Return the parameter whose length is compared, and the limit."""
    if test.op not in (">", ">=", "<", "<="):
        return None
    for length, limit in ((test.left, test.right), (test.right, test.left)):
        made = strip(length)
        if isinstance(made, Call) and made.name == "len" and len(made.args) == 1:
            given = strip(made.args[0])
        elif isinstance(made, Member) and made.name in ("length", "byteLength", "size"):
            given = strip(made.object)
        else:
            continue
        bound = module.scopes.lookup(given.id, given) if isinstance(given, Name) else []
        if isinstance(given, Name) and any(isinstance(one, Param) for one in bound):
            return given, limit
    return None


def _for_all(limit: Expr, cls: Class) -> bool:
    """Tell whether a limit is for everything together: a quota, or the most that the class itself may hold."""
    said = words(last_name(limit))
    own = words(cls.name)
    if set(said) & _OF_ONE:
        return False
    return bool(set(said) & _WHOLE) or (len(said) > 1 and bool(own) and said[-1] == own[-1])


def _puts_under_a_key(method: Function, given: Name) -> bool:
    """Tell whether what is given is put away under a name that is given too, so that there may be many."""
    keys = {param.name for param in method.params if param.name != given.id}
    if not keys:
        return False
    for call in calls_in(method.body):
        if not set(words(call.name)[:1]) & _PUTS:
            continue
        handed = {one.id for arg in (*call.args, *call.keywords.values()) for one in find(arg, Name)}
        if given.id in handed:
            return True
    return False

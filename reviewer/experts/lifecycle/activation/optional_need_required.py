"""LIF601: what a plugin would merely like to have is brought in like what it needs, and fails it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, guarding_try
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Expr, For, Function, Member, Name, Throw
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LIKES: Final = word_set(
    "optional optionals likes recommends recommended suggests suggested soft enhances wishes optionally"
)
_NEEDS: Final = word_set("needs requires required dependencies depends deps requirements dependency wanted needed")


@module_check("LIF601", words=_LIKES)
def optional_need_required(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over optional needs for a call that fails where one is missing."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    loops = [loop for loop in module.all(For) if loop.iterable is not None]
    needed = [one for one in loops if _said(one) & _NEEDS]
    for loop in loops:
        if not _said(loop) & _LIKES:
            continue
        both = bool(_said(loop) & _NEEDS - {"dependencies", "deps", "dependency"}) and "optional" not in _heads(loop)
        for call in calls_in(loop.body, into_functions=False):
            target = definition(module, call.callee)
            if not isinstance(target, Function) or not any(
                True for _ in find(target.body, Throw, into_functions=False)
            ):
                continue
            if guarding_try(call) is not None or _is_caught(call) or not _is_given(loop, call) or _is_asked(call, loop):
                continue
            same = module.text_of(call.callee)
            like_needed = any(
                one is not loop and any(module.text_of(made.callee) == same for made in calls_in(one.body))
                for one in needed
            )
            if both or like_needed:
                yield Match(
                    call,
                    f"What is only optional goes through '{short(same)}' like what is needed, and that throws where it "
                    "is missing: a plugin that could do without it can't be set up.",
                    fix="Catch that it is missing, put back what was begun for it, and go on without it.",
                )
                break


def _said(loop: For) -> set[str]:
    """Return the words of the members and names that a loop goes through."""
    over = loop.iterable
    if over is None:
        return set()
    said = {word for one in find(over, Member) for word in words(one.name)}
    return said | {word for one in find(over, Name) for word in words(one.id)}


def _heads(loop: For) -> set[str]:
    """Return the words of a loop over one list alone, which is no list of both kinds."""
    members = list(find(loop.iterable, Member)) if isinstance(loop.iterable, Expr) else []
    return set(words(members[0].name)) if len(members) == 1 else set()


def _is_caught(call: Call) -> bool:
    """Tell whether a failure is caught by what is hung on the call."""
    return any(isinstance(one, Call) and one.name in ("catch", "allSettled", "suppress") for one in ancestors(call))


def _is_given(loop: For, call: Call) -> bool:
    target = loop.target
    named = names_in(target) if target is not None else set()
    return bool(named & names_in(list(call.args)))


def _is_asked(call: Call, loop: For) -> bool:
    """Tell whether something is asked before the call, in the loop: whether there is one at all."""
    return any(one.test.raw.start_byte > loop.raw.start_byte for one in conditions(call))

"""SEC482: the right that is asked for is named by the very request that names what is to be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Expr, Function, Index, Literal, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import name_words, word_set
from reviewer.experts.security.deciding.asked_to_refuse import leads_to_refusal
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.deciding.entries import membership
from reviewer.experts.security.values.access import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_MAY: Final = word_set("scope right permission privilege capability need needs required requires")
"""Last words of a member that names one right."""
_HELD: Final = word_set("scopes rights permissions privileges capabilities grants granted allowed held")
"""Words of a collection of what somebody may."""
_DOES: Final = word_set("call method op operation action command cmd verb fn function name service")
"""Last words of a member that names what is to be done."""


@module_check("SEC482", words=_MAY)
def right_named_by_caller(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each question for a right that a request names itself."""
    if module.is_test:
        return
    for function in module.functions:
        for asked in _asked(module, function):
            root, names = path_of(module, asked)
            if not isinstance(root, Param) or root.parent is not function or len(names) != 1:
                continue
            named = bool(set(words(names[0])[-1:]) & _MAY) and not _held_against(module, function, root, names[0])
            if named and _chooses_work(module, function, root, names[0]):
                yield Match(
                    asked,
                    f"'{short(module.text_of(asked))}' comes with the request, and what is to be done comes with it, "
                    "too: whoever asks names a right that it has and has anything done.",
                )
                break


def _asked(module: Module, function: Function) -> Iterator[Expr]:
    """Yield the rights that a function asks for: in a collection of them, or with a check."""
    for node in walk(function.body, into_functions=False):
        held, sought = membership(node)
        if held is not None and sought is not None and _is_held(module, node, held):
            yield sought
        elif isinstance(node, Call) and is_check(module, node):
            yield from node.args


def _is_held(module: Module, asked: Node, held: Expr) -> bool:
    """Tell whether something is what somebody may: by its name, or looked up and somebody refused who has it not."""
    if set(name_words(held)) & _HELD:
        return True
    made = module.scopes.origin(held)
    looked_up = isinstance(made, Index) or (isinstance(made, Call) and made.name == "get" and bool(made.args))
    return looked_up and leads_to_refusal(module, asked)


def _held_against(module: Module, function: Function, request: Param, right: str) -> bool:
    """Tell whether the right that a request names is compared with what its work needs: ``NEEDS[call] !== scope``."""
    return any(
        path_of(module, side) == (request, [right])
        for test in find(function.body, Binary)
        if test.op in ("==", "!=")
        for side in (test.left, test.right)
    )


def _chooses_work(module: Module, function: Function, request: Param, right: str) -> bool:
    """Tell whether another member of the same request chooses by its name what is called."""
    places = [index.key for index in find(function.body, Index) if not isinstance(strip(index.key), Literal)]
    places += [call.args[0] for call in find(function.body, Call) if call.name in ("get", "getattr") and call.args]
    places += [call.args[1] for call in find(function.body, Call) if call.name == "getattr" and len(call.args) > 1]
    for key in places:
        root, names = path_of(module, key)
        if root is request and len(names) == 1 and names[0] != right and set(words(names[0])[-1:]) & _DOES:
            return True
    return False

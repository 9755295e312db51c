"""LIF006: Python code finds the handler to take off by ``is``, which no bound method ever is twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Binary, Call, Comprehension, Expr, For, Function, Index, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.values import last_word

if TYPE_CHECKING:
    from reviewer.code.module import Module

_TAKES_OFF: Final = frozenset(
    "off remove unsubscribe unregister disconnect detach unlisten unhook drop forget discard unbind delete deafen "
    "cancel leave stop uninstall revoke".split()
)
_FUNCTIONS: Final = frozenset(
    "handler callback fn func listener hook cb observer subscriber receiver ear reaction".split()
)
_PUTS: Final = frozenset("append add appendleft insert setdefault".split())
_TAKES: Final = frozenset("pop discard remove".split())


@module_check("LIF006", words=_TAKES_OFF)
def removed_by_identity(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison by ``is``, and each key by ``id``, of a function that a remover is handed."""
    if module.language != "python" or module.is_test:
        return
    for node in module.all(Binary):
        if node.op in ("==", "!=") and _by_identity(node):
            for given, other in ((node.left, node.right), (node.right, node.left)):
                if _to_be_removed(module, strip(given), last_word(other)) and _of_a_list(module, strip(other)):
                    yield _match(module, node, last_word(given))
                    break
    for call in module.calls(("id",)):
        around = call.parent
        taken = strip(call.args[0]) if isinstance(around, Call) and around.name in _TAKES and call.args else None
        if taken is not None and _to_be_removed(module, taken, ""):
            yield _match(module, call, last_word(call.args[0]))


def _match(module: Module, node: Expr, given: str) -> Match:
    return Match(
        node,
        f"'{short(module.text_of(node))}' never holds where '{given}' is a bound method: each 'self.method' is a new "
        "object, so that what was put on is not found, and stays. Compare with '=='.",
    )


def _by_identity(node: Binary) -> bool:
    """Tell whether a comparison is spelled ``is`` or ``is not``, which ``==`` is lowered to as well."""
    return any(child.type in ("is", "is not") for child in node.raw.children)


def _to_be_removed(module: Module, given: Expr, known_as: str) -> bool:
    """Tell whether something is a function that the remover around it is handed, and did not put on itself.

    That it is one shows where what is listed under the same name, or under that of what it is compared with, is called.
    """
    bound = module.scopes.lookup(given.id, given) if isinstance(given, Name) else []
    param = bound[0] if len(bound) == 1 and isinstance(bound[0], Param) else None
    remover = param.parent if param is not None else None
    if param is None or not isinstance(remover, Function) or not _TAKES_OFF & set(words(remover.name)):
        return False
    if any(call.name in _PUTS and any(last_word(arg) == param.name for arg in call.args) for call in calls_in(remover)):
        return False
    if param.type:
        return "Callable" in param.type
    return bool(_FUNCTIONS & set(words(param.name))) and any(True for _ in module.calls((param.name, known_as)))


def _of_a_list(module: Module, other: Expr) -> bool:
    """Tell whether something stands in a list that is gone through, by itself or as a part: ``slot.fn``."""
    while isinstance(other, Member | Index) and not is_this_member(other):
        place = strip(other.key) if isinstance(other, Index) else None
        other = place if isinstance(place, Name) else strip(other.object)
    if not isinstance(other, Name):
        return False
    for around in ancestors(other):
        if isinstance(around, For) and around.target is not None and other.id in names_in(around.target):
            return True
        if isinstance(around, Comprehension) and any(other.id in names_in(target) for target, _ in around.clauses):
            return True
        if isinstance(around, Function):
            each = around.parent if any(one.name == other.id for one in around.params) else None
            if isinstance(each, Call) and each.name == "filter":
                return True
            if around.name:
                return False
    return False

"""PAT009: a part of the message at hand is kept for all, and others ask by it while several messages are under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after
from reviewer.code.syntax import Assign, Await, Call, Function, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.patterns.sharing import home
from reviewer.experts.patterns.tenancy.tenant_in_shared_variable import in_page, says_who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SETS: Final = frozenset(
    "set select choose switch configure init initialize initialise setup load start open connect login activate use "
    "apply restore reset update change".split()
)
"""First words of functions that say something for good."""
_NOTES: Final = frozenset(
    "last latest previous prev seen since cursor offset position count total max min first state status mode version "
    "revision etag token config settings options theme size time at".split()
)
"""Words of what is meant to be the newest of all."""


@module_check("PAT009", words={"async"})
def part_of_message_shared(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each shared variable that is given a part of what a function works on, and by which others ask."""
    if module.is_test or in_page(module) or inquiry.subject.kind == "plugin":
        return
    said: set[str] = set()
    for node in module.all(Assign):
        function, target = function_of(node), node.target
        if function is None or not function.asynchronous or not isinstance(target, Name) or target.id in said:
            continue
        if node.op != "=" or node.declare or says_who(target.id) or set(words(target.id)) & _NOTES:
            continue
        message = _message(function, node)
        if message is None or set(words(function.name)[:1]) & _SETS or not _goes_on_with(node, message):
            continue
        lives = home(module, target.id, node)
        asked = _asked_by(module, function, target.id) if lives is not None and lives.scope is not function else None
        if lives is None or asked is None:
            continue
        said.add(target.id)
        place = next((one for one in lives.bindings if isinstance(one, Assign) and function_of(one) is None), node)
        yield Match(
            place,
            f"'{target.id}' is what belongs to one '{message.name}', kept for all: while that one waits, the next "
            f"writes its own, and '{short(module.text_of(asked.callee))}' asks for the wrong one.",
            related=((node, "written here"),) if place is not node else (),
        )


def _message(function: Function, node: Assign) -> Param | None:
    """Return the parameter of which a part is kept: ``network = reading.network``."""
    value = strip(node.value) if node.value is not None else None
    if not isinstance(value, Member):
        return None
    root = strip(value.object)
    bound = function.module.scopes.lookup(root.id, root) if isinstance(root, Name) else []
    only = bound[0] if len(bound) == 1 else None
    return only if isinstance(only, Param) and only.parent is function and only.name else None


def _goes_on_with(node: Assign, message: Param) -> bool:
    """Tell whether the function hands on what it works on behind that, and waits."""
    for later in after(node):
        call = strip(later.value) if isinstance(later, Await) else None
        if isinstance(call, Call) and any(
            isinstance(one := strip(arg), Name) and one.id == message.name for arg in call.args
        ):
            return True
    return False


def _asked_by(module: Module, function: Function, name: str) -> Call | None:
    """Return the call by which a function that is neither this one nor inside of it asks for what the variable says."""
    for use in module.all(Name):
        where = function_of(use) if use.id == name else None
        if where is None or any(around is function for around in ancestors(use)):
            continue
        lives = home(module, name, use)
        call = use.parent
        if lives is None or lives.scope is where or not isinstance(call, Call) or call.callee is use:
            continue
        if any(strip(arg) is use for arg in (*call.args, *call.keywords.values())) and len(call.args) > 1:
            return call
    return None

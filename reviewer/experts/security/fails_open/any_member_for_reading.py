"""SEC015: whatever member is asked for, the right to read is enough: a proxy that forwards what changes things, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value
from reviewer.code.syntax import Call, Expr, Function, If, Index, Literal, Name, Object, strip
from reviewer.code.walk import find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.asked_to_refuse import leads_to_refusal
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.deciding.verbs_asked import asked_by, verbs_of
from reviewer.experts.security.handing.given_out import class_given
from reviewer.experts.security.reaching.changing import READS, WRITES, changing_method

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_TRAPS: Final = frozenset({"get", "apply"})
_FORWARDS: Final = frozenset({"__getattr__", "__getattribute__"})


@module_check("SEC015", words={"proxy", "getattr", "getattribute"})
def any_member_for_reading(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that is asked for members by name for the one right that it asks for all of them."""
    if module.is_test:
        return
    for trap, member in _traps(module):
        asked = next(_only_reads(module, trap, member), None)
        if asked is None:
            continue
        for held in _forwarded(trap, member):
            cls = class_of_value(module, held) or class_given(module, held)
            act = changing_method(cls, None) if cls is not None else ""
            if act:
                yield Match(
                    asked,
                    f"'{short(module.text_of(asked))}' asks for reading whatever member is called, and "
                    f"'{short(module.text_of(held))}' has '{act}', which changes things.",
                )
                break


def _traps(module: Module) -> Iterator[tuple[Function, str]]:
    """Yield the functions that give a member by its name, each with what that name is called."""
    for call in module.calls(("Proxy",)):
        handler = module.scopes.origin(call.args[1]) if len(call.args) > 1 else None
        for key, value in handler.entries if isinstance(handler, Object) else ():
            named = isinstance(key, Literal) and key.value in _TRAPS
            if named and isinstance(value, Function) and len(value.params) > 1:
                yield value, value.params[1].name
    for function in module.functions if module.language == "python" else ():
        if function.name in _FORWARDS and function.params:
            yield function, function.params[-1].name


def _only_reads(module: Module, trap: Function, member: str) -> Iterator[Node]:
    """Yield the checks of a trap that name a right to read, and that are the same for every member."""
    for call in find(trap.body, Call):
        given = [*call.args, *call.keywords.values()]
        verbs = {verb for arg in given for verb in verbs_of(strip(arg))}
        if not verbs & READS or verbs & WRITES or member in names_in(given):
            continue
        if is_check(module, call) or leads_to_refusal(module, call):
            yield call
    for test in find(trap.body, If):
        for at, verbs in asked_by(module, test.test):
            if verbs & READS and not verbs & WRITES and member not in names_in(test.test):
                yield at


def _forwarded(trap: Function, member: str) -> Iterator[Expr]:
    """Yield of what a trap takes the member: ``Reflect.get(charts, member)``, ``charts[member]``."""
    for call in find(trap.body, Call):
        second = strip(call.args[1]) if len(call.args) > 1 and call.name in ("get", "getattr") else None
        if isinstance(second, Name) and second.id == member:
            yield call.args[0]
    for index in find(trap.body, Index):
        key = strip(index.key)
        if isinstance(key, Name) and key.id == member:
            yield index.object

"""COM006: a port that was made for one guest sends under the name that the guest itself gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Binary, Call, Class, Expr, Function, Literal, Member, Name, Object, Param, strip
from reviewer.code.text.ideas import SENDS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import publishers, speaks_beside_hearing
from reviewer.experts.communication.events.stamps import is_stamp, overwritten, preferred, taken_apart
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.brought import is_brought
from reviewer.experts.paths import last_words
from reviewer.experts.security.handing.handed import handed
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SENDS: Final = SENDS | {"put", "put_nowait", "push", "send", "post", "notify", "enqueue"}
_LAID_OVER: Final = frozenset({"update", "assign", "merge"})
_STAMPED: Final = frozenset({"from", "by", "source", "sender", "origin", "owner", "plugin"})
_CALLERS: Final = frozenset({"caller", "principal", "identity", "context", "ctx", "session"})
_OTHERS: Final = AUDITS | {"log", "logger", "logs", "history", "params", "query", "headers", "args", "parts", "lines"}
"""Words of what nobody listens to."""


@module_check("COM006", words=_SENDS | {"nowait"})
def port_speaks_as_told(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what the members of each port put into the messages that they send."""
    if module.is_test:
        return
    told = {id(one) for one in publishers(module) if overwritten(module, one) or preferred(module, one)}
    classes = {id(thing.node) for thing in handed(inquiry, module) if isinstance(thing.node, Class)}
    classes |= {id(cls) for cls in _given_to_loaded(module)}
    for port in module.functions:
        if id(port) in told or not port.params:
            continue
        bound = _bound_in_object(port) if port.owner is None else {"this"} if id(port.owner) in classes else set()
        if not bound or port.kind == "constructor":
            continue
        for call in calls_in(port.body, into_functions=False):
            if call.name not in _SENDS or call.receiver is None or set(last_words(call.receiver)) & _OTHERS:
                continue
            if names_in(call.receiver) & {param.name for param in port.params}:
                continue
            found = next((one for arg in call.args for one in _said(module, port, arg, bound)), None)
            if found is not None:
                if not _told_by_its_own(module, port):
                    yield found
                break


def _told_by_its_own(module: Module, port: Function) -> bool:
    """Tell whether the same is already said of the port as of the other end of what handlers are given to."""
    return taken_apart(module, port) is not None or (
        speaks_beside_hearing(port) and preferred(module, port) is not None
    )


def _given_to_loaded(module: Module) -> Iterator[Class]:
    """Yield the classes of which one is made for what was loaded: ``ringer.climb({ rope: new Rope(name) })``."""
    for made in module.all(Call):
        around = made.parent
        while isinstance(around, Object):
            around = around.parent
        if (
            isinstance(around, Call)
            and around.receiver is not None
            and made.args
            and is_brought(module, around.receiver)
        ):
            cls = definition(module, made.callee)
            if isinstance(cls, Class):
                yield cls


def _bound_in_object(port: Function) -> set[str]:
    """Return what the maker of an object was told, where a function is a member of it beside others."""
    made, maker = port.parent, port.outer
    if not isinstance(made, Object) or maker is None or len(made.entries) < 2:
        return set()
    told = {param.name for param in maker.params if param.name}
    used = {name for _key, value in made.entries for name in names_in(value)}
    return told & used


def _said(module: Module, port: Function, arg: Expr, bound: set[str]) -> Iterator[Match]:
    """Yield where a message says who sends it by what the port is told, or is written over with that."""
    own = {param.name for param in port.params if param.name}
    made = module.scopes.origin(arg)
    record = strip(arg) if isinstance(strip(arg), Object) else made
    if not isinstance(record, Object):
        return
    stamped = ""
    for key, value in record.entries:
        name = str(key.value) if isinstance(key, Literal) else ""
        if key is None and stamped and names_in(value) & own:
            yield _laid_over(module, value, stamped)
            return
        said = _stands_first(value)
        own_word = name and (is_stamp(key) or said is not value) and _is_own(module, port, said)
        if name and not own_word and _is_bound(name, value, bound):
            stamped = name
        elif (
            own_word
            and not _of_caller(value)
            and (said is value or _is_bound(name, value, bound))
            and not _compared(port, value)
        ):
            yield Match(
                value,
                f"'{name}' of what is sent is what the holder of this port says ('{short(module.text_of(value))}'), "
                "though the port was made for one: it can speak as any other.",
            )
            return
    if not stamped or not isinstance(strip(arg), Name):
        return
    held = strip(arg)
    for call in calls_in(port.body, into_functions=False):
        onto = call.args[0] if call.name == "assign" and len(call.args) > 1 else call.receiver
        if call.name in _LAID_OVER and onto is not None and getattr(strip(onto), "id", "") == getattr(held, "id", ""):
            given = next((one for one in call.args if strip(one) is not strip(onto) and names_in(one) & own), None)
            if given is not None:
                yield _laid_over(module, given, stamped)
                return


def _of_caller(value: Expr) -> bool:
    """Tell whether a field is one of an object that says who calls, which the host hands in: ``caller.tenant``."""
    made = strip(value)
    holder = strip(made.object) if isinstance(made, Member) else None
    return isinstance(holder, Name) and bool(set(words(holder.id)) & _CALLERS)


def _laid_over(module: Module, given: Expr, stamped: str) -> Match:
    return Match(
        given,
        f"'{short(module.text_of(given))}' comes from the holder of this port and is laid over '{stamped}', which says "
        "for whom it was made: whoever writes a field of that name into it speaks as another.",
    )


def _is_bound(key: str, value: Expr, bound: set[str]) -> bool:
    """Tell whether a field says for whom a port was made: ``singer: singer.id``, ``"segment": self.segment``."""
    made = strip(value)
    if "this" in bound:
        if isinstance(made, Binary):
            made = strip(made.right)
        return is_this_member(made) and made.name.lstrip("_#") == key
    root = names_in(made) & bound
    return bool(root) and (key in root or key in _STAMPED)


def _stands_first(value: Expr) -> Expr:
    """Return what is taken where it is there: ``note.by`` of ``note.by ?? id``."""
    made = strip(value)
    return made.left if isinstance(made, Binary) and made.op in ("??", "or") else value


def _is_own(module: Module, port: Function, value: Expr) -> bool:
    """Tell whether a value is what the port itself was told, or a part of it."""
    own = {param.name for param in port.params if param.name}
    made = strip(value)
    while not isinstance(made, Name) and hasattr(made, "object"):
        made = strip(made.object)
    bound = module.scopes.lookup(made.id, made) if isinstance(made, Name) else []
    return len(bound) == 1 and isinstance(bound[0], Param) and getattr(made, "id", "") in own


def _compared(port: Function, value: Expr) -> bool:
    """Tell whether the port holds what it was told against something."""
    names = names_in(value)
    return any(
        one.op in ("==", "!=", "in", "not in") and names_in(one) & names and not isinstance(strip(one.right), Literal)
        for one in find(port.body, Binary)
    )

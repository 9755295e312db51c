"""SEC016: what is loaded is woken with the host itself, or with services as they are, among what it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Call, Expr, Index, Name, Object, Param, strip
from reviewer.code.text.ideas import GUESTS, HOST_NAMES, PLAIN_GUESTS
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.brought import is_brought
from reviewer.experts.lifecycle.vocabulary import PLUGIN_WORDS
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.handing.handed_over import unfrozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class
    from reviewer.experts.check import Inquiry

_ALL: Final = word_set("container injector locator services service registry db database connection pool") | (
    HOST_NAMES - {"runtime", "system", "engine", "application", "server"}
)
"""Last words of what gives everything, or of what everything is kept in."""
_KEEPS: Final = frozenset({"set", "push", "append", "add"})


@module_check(
    "SEC016", words=PLAIN_GUESTS | {"import", "require", "importlib", "load", "map", "dict", "list", "modules"}
)
def whole_services(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what each thing that was loaded, or that the host keeps, is called with."""
    if module.is_test:
        return
    for call in module.all(Call):
        found = _whole(module, call) if call.args or call.keywords else None
        if found is not None and _wakes(module, call):  # few calls hand over everything; who is woken takes long to say
            name, value = found
            yield Match(
                value,
                f"'{name}' hands '{short(module.text_of(value))}' as it is to everything that is loaded, whatever it "
                "was granted: each can do all that the host can.",
            )


def _wakes(module: Module, call: Call) -> bool:
    """Tell whether a call runs what was loaded, or what a function was handed and keeps in a table of its object."""
    if is_brought(module, call.callee) or (call.receiver is not None and is_brought(module, call.receiver)):
        return True
    held = strip(call.receiver) if call.receiver is not None else None
    if not isinstance(held, Name) or not (is_starter(call.name) or set(words(held.id)) & (PLUGIN_WORDS | GUESTS)):
        return False
    bound = module.scopes.lookup(held.id, held)
    return len(bound) == 1 and isinstance(bound[0], Param) and _is_kept(call, held.id)


def _is_kept(call: Call, name: str) -> bool:
    """Tell whether the function around puts what it was handed under this name into a table of its object."""
    function = function_of(call)
    if function is None:
        return False
    put = [
        (one.receiver, one.args[-1])
        for one in find(function.body, Call, into_functions=False)
        if one.name in _KEEPS and one.args and one.receiver is not None
    ]
    put += [
        (one.target.object, one.value)
        for one in find(function.body, Assign, into_functions=False)
        if isinstance(one.target, Index) and one.value is not None
    ]
    return any(
        is_this_member(strip(table)) and isinstance(strip(value), Name) and getattr(strip(value), "id", "") == name
        for table, value in put
    )


def _whole(module: Module, call: Call) -> tuple[str, Expr] | None:
    """Return the member of what is handed over that is the host itself, or holds everything."""
    given = [*call.keywords.items()]
    for arg in call.args:
        made = module.scopes.origin(arg)
        made = unfrozen(made) if isinstance(made, Expr) else made
        if isinstance(made, Object) and len(made.entries) > 1:
            given += [(str(getattr(key, "value", "")), value) for key, value in made.entries if key is not None]
    if not is_starter(call.name):  # of a start that is handed the host alone another check speaks
        given += [(call.name, arg) for arg in call.args if _is_self(arg)]
    names = {name for name, _value in given}
    for name, value in given:
        if name == "host" and "port" in names:
            continue  # where a server is reached
        held = strip(value)
        if isinstance(held, Await):
            held = strip(held.value)
        if _is_self(held):
            cls = class_of(call)
            if cls is not None and _takes_in(cls):
                return name, held
        elif set(last_words(held)[-1:]) & _ALL and (is_this_member(held) or _is_given(module, held)):
            return name, held
    return None


def _is_self(value: Expr) -> bool:
    held = strip(value)
    return isinstance(held, Name) and held.id in ("this", "self")


def _is_given(module: Module, held: Expr) -> bool:
    """Tell whether a name is what a function around was given, and not one made for whom it is handed to."""
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    if len(bound) != 1:
        return False
    if isinstance(bound[0], Param):
        return bound[0].parent is not function_of(held)
    made = strip(bound[0].value) if isinstance(bound[0], Assign) and bound[0].value is not None else None
    return isinstance(made, Call) and made.new and function_of(made) is not function_of(held)


def _takes_in(cls: Class) -> bool:
    """Tell whether a class keeps a table into which its methods put things by name."""
    return any(
        (isinstance(one, Call) and one.name == "set" and len(one.args) > 1 and is_this_member(one.receiver))
        or (isinstance(one, Assign) and isinstance(one.target, Index) and is_this_member(strip(one.target.object)))
        for method in cls.methods
        if method.kind != "constructor"
        for one in (*find(method.body, Call), *find(method.body, Assign))
    )

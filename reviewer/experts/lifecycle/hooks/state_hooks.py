"""Members of a plugin's interface by which a host takes a state and gives it to another instance, however called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.reach.made import values_of
from reviewer.code.syntax import Assign, Await, Call, Function, Index, Member, Name, Param, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.lifecycle.bringing.dependencies import callers
from reviewer.experts.lifecycle.hooks.spelled import Spelled
from reviewer.experts.lifecycle.values import last_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Node, Statement

_WRAPPERS: Final = ("Promise", "Awaitable", "Coroutine", "Readonly")
_SMALL: Final = frozenset({"", "void", "None", "string", "number", "boolean", "str", "int", "float", "bool", "bytes"})
"""Types of what is an answer, and hardly all that a plugin remembers."""


def state_hooks(module: Module, cls: Class, hooks: tuple[str, str]) -> dict[str, Spelled]:
    """Return the members of an interface with hooks that save a state and take it back, as the module uses them.

    One gives without an argument what the other takes, and the host hands it on.
    """
    giving = {m.name: _held(m.returns) for m in cls.methods if not m.params and _held(m.returns) not in _SMALL}
    taking = {m.name: _held(m.params[0].type) for m in cls.methods if len(m.params) == 1 and m.name not in hooks}
    pairs = [(give, take) for give, left in giving.items() for take, right in taking.items() if left == right]
    for give, take in pairs:
        if any(_handed_on(module, call, give) for call in module.calls((take,))):
            return {give: Spelled("save", cls), take: Spelled("restore", cls)}
    return {}


def _held(annotation: str) -> str:
    """Return the text of a type, promises seen through."""
    text = annotation.strip().strip("'\"")
    for wrapper in _WRAPPERS:
        if text.startswith(wrapper) and text[len(wrapper) :][:1] in ("<", "["):
            text = text[len(wrapper) + 1 : -1]
    return text.strip()


def _handed_on(module: Module, taken: Call, give: str) -> bool:
    """Tell whether what a call takes came, by a name or a member of it, from a call of the giving member."""
    function = function_of(taken)
    if not isinstance(function, Function) or not taken.args:
        return False
    given = strip(taken.args[0])
    while isinstance(given, Member | Index):
        given = strip(given.object)
    if not isinstance(given, Name):
        return False
    bound = module.scopes.lookup(given.id, given)
    values: list[Node] = [one.value for one in bound if isinstance(one, Assign) and one.value]
    if any(isinstance(one, Param) for one in bound):  # ``await self.make(name, old.snapshot())``
        handed = [arg for call in callers(function) for arg in (*call.args, *call.keywords.values())]
        named = [one for arg in handed if isinstance(arg, Name) for one in module.scopes.lookup(arg.id, arg)]
        values += [*handed, *(one.value for one in named if isinstance(one, Assign) and one.value)]
    return any(
        _asks(value, give) or any(_answers(module, call, give) for call in find(value, Call)) for value in values
    )


def _asks(nodes: Node | list[Statement], give: str) -> bool:
    return any(member.name == give for member in find(nodes, Member))


def _answers(module: Module, call: Call, give: str) -> bool:
    """Tell whether a function of the subject asks the giving member, and so may answer with what it gives."""
    target = definition(module, call.callee)
    return isinstance(target, Function) and _asks(target.body, give)


def handed_over(module: Module, nouns: frozenset[str]) -> Iterator[tuple[Literal["save", "restore"], Call, Member]]:
    """Yield where one plugin is asked for something that another one, or the same begun anew, is then given.

    ``nouns`` are the last names of what is woken and put to rest: ``ledger = await post.agent.ledger()``, later
    ``fleet.get(name).agent.resume(ledger)``.
    """
    pairs: set[tuple[str, str]] = set()
    for taken in module.all(Call) if nouns else ():
        given = strip(taken.args[0]) if taken.args and not taken.keywords else None
        taker = _member_of(module, taken, nouns)
        if taker is None or not isinstance(given, Name) or _is_a_question(taken):
            continue
        for made, giver in _givers(module, given, nouns):
            if giver.name != taker.name and module.text_of(giver.object) != module.text_of(taker.object):
                pairs.add((giver.name, taker.name))
                yield "save", made, giver
                yield "restore", taken, taker
    yield from _named_alike(module, nouns, pairs)


def _givers(module: Module, given: Name, nouns: frozenset[str]) -> Iterator[tuple[Call, Member]]:
    """Yield the calls of a plugin's member without an argument that a value may have come from, waited for or not.

    ``kept = await within(5, wing.recall())``, ``kept = wing.recall() if hasattr(wing, "recall") else None``
    """
    for where, value in values_of(module, given):
        made = strip(value.value) if isinstance(value, Await) else value
        inner = [made, *made.args] if isinstance(made, Call) else []
        for one in [strip(part) for part in inner]:
            if where is module and isinstance(one, Call) and not (one.args or one.keywords):
                giver = _member_of(module, one, nouns)
                if giver is not None:
                    yield one, giver


def _named_alike(
    module: Module, nouns: frozenset[str], pairs: set[tuple[str, str]]
) -> Iterator[tuple[Literal["save", "restore"], Call, Member]]:
    """Yield the other calls of members that are known to give a state and to take it: at the end, at the next start."""
    gives, takes = {give for give, _take in pairs}, {take for _give, take in pairs}
    for call in module.calls(gives | takes) if pairs else ():
        named = _member_of(module, call, nouns)
        if named is None:
            continue
        if call.name in gives and not (call.args or call.keywords):
            yield "save", call, named
        elif call.name in takes and call.args:
            yield "restore", call, named


def _member_of(module: Module, call: Call, nouns: frozenset[str]) -> Member | None:
    """Return the member of a plugin that a call calls: ``wing.recall``, ``next.recall`` of ``next = entry.wing``."""
    callee = strip(call.callee)
    if not isinstance(callee, Member):
        return None
    held = module.scopes.origin(callee.object)
    named = {last_word(callee.object), last_word(held) if isinstance(held, Member | Index) else ""}
    return callee if named & nouns else None


def _is_a_question(call: Call) -> bool:
    """Tell whether what a call gives is used, as that of a question is and that of a hook is not."""
    taken = use_of(call)
    if taken.how == "returned":  # by an arrow that somebody is handed to run it: ``hook(5, () => wing.recall(kept))``
        around = function_of(call)
        return around is None or not isinstance(around.parent, Call) or around.parent.callee is around
    return taken.how not in ("dropped", "argument")

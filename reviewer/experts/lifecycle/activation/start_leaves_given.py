"""LIF054: the end of a plugin takes out what it hung up by what it was given, and a start that fails does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Array, Assign, Call, For, Function, Member, Name, Object, Try, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, behind, calls_in, find, function_of, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.failed_starts import caught
from reviewer.experts.lifecycle.bringing.unloading import unloads
from reviewer.experts.lifecycle.guests.fills import fills_of
from reviewer.experts.lifecycle.guests.left_in_tables import left_in_table
from reviewer.experts.lifecycle.guests.taken import reached_by_end, run_by, taken_out_in, takes_out
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, uses_in
from reviewer.experts.lifecycle.vocabulary import RELEASE_WORDS
from reviewer.experts.paths import last_name
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry
    from reviewer.experts.lifecycle.guests.stores import Store
    from reviewer.experts.lifecycle.hooks.hooks import HookUse

_ENDS: Final = RELEASE_WORDS | {"aclose", "abort", "end", "unwind", "off", "undo"}
_PUTS: Final = frozenset({"set", "push", "append", "add"})
_COLLECTIONS: Final = frozenset({"Map", "Set", "Array", "dict", "set", "list", "deque", "defaultdict", "OrderedDict"})


@module_check("LIF054", words=HOOK_WORDS)
def start_leaves_given(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what the end of a plugin takes out of stores, or ends, with what a start that fails does."""
    if module.is_test:
        return
    starts = uses_in(inquiry, module, "start")
    ends = unloads(inquiry, module) if starts else ()
    begins = [use.frame for use in starts if use.frame is not None]
    for use in starts if ends else ():
        kept = _store_kept(use, [reached_by_end(end.function, begins) for end in ends], begins)
        if kept is not None:
            yield Match(
                use.site,
                f"When this fails, what the plugin has hung into '{kept.name}' by then stays: "
                f"'{ends[0].function.name}' takes it out, and the failed start does not.",
            )
            continue
        made = _owned(module, use, [end.function for end in ends])
        if made is not None and not any(_speaks(body, _name(made)) for body in caught(use)):
            yield Match(
                use.site,
                f"When this fails, nobody ends '{_name(made)}', by which the plugin may have registered: "
                f"'{ends[0].function.name}' does, and the failed start drops it.",
                related=((locate(module, made), "made here"),),
            )
            continue
        left = left_in_table(use, ends)
        if left is not None:
            yield Match(
                use.site,
                f"When this fails, what the plugin has entered in '{left.table.name}' by then stays: only its end "
                "takes that out, and nothing does where the start has failed.",
                related=((left.filled.node, "entered while it starts"), (left.emptied.node, "taken out only here")),
            )


def _store_kept(use: HookUse, ends: list[list[Function]], begins: list[Function]) -> Store | None:
    """Return a store that an end takes a plugin out of, and that no clause around its start does."""
    for fill in fills_of(use):
        if fill.kept or ((fill.undoable or fill.answered) and not fill.owned):
            continue
        ended = any(takes_out(function, fill.store) for reached in ends for function in reached)
        if ended and not any(_empties(body, fill.store, begins) for body in caught(use)):
            return fill.store
    return None


def _empties(body: Sequence[Node], store: Store, begins: list[Function]) -> bool:
    if taken_out_in(body, store):
        return True
    for call in calls_in(body):
        function = function_of(call)
        target = definition(function.module, call.callee) if function is not None else None
        if isinstance(target, Function) and any(takes_out(one, store) for one in run_by([target], begins)):
            return True
    return False


def _owned(module: Module, use: HookUse, ends: list[Function]) -> Assign | None:
    """Return what the function makes that wakes a plugin, lends to it, keeps behind the start, and ends with it."""
    frame = use.frame
    for made in find(frame.body, Assign, into_functions=False) if frame is not None else ():
        value = strip(made.value) if made.value is not None else None
        name = _name(made)
        if frame is None or not name or not behind(use.site, made) or not isinstance(value, Call | Array):
            continue
        held = strip(use.receiver)
        if isinstance(held, Name) and held.id == name:
            continue
        plain = isinstance(value, Array) or value.name in _COLLECTIONS
        ended = any(_ends(end, name, plain=plain) for end in ends)
        if ended and _lent(module, frame, use, made, name) and _kept_later(frame, use, name):
            return made
    return None


def _name(made: Assign) -> str:
    return made.target.id if isinstance(made.target, Name) else ""


def _lent(module: Module, frame: Function, use: HookUse, made: Assign, name: str) -> bool:
    """Tell whether a plugin is given something, or functions that use it, before or when it is woken."""
    instance = module.scopes.origin(use.receiver)
    if any(name in names_in(one) for one in (use.call.args, instance.args if isinstance(instance, Call) else [])):
        return True
    inner = [one for one in find(frame.body, Function) if behind(one, made) and not behind(one, use.site)]
    return any(name in names_in(one.body) for one in inner)


def _kept_later(frame: Function, use: HookUse, name: str) -> bool:
    """Tell whether something is put into a record, or into a table, only behind the start."""
    kept: list[Node] = [one for kind in (Object, Array) for one in find(frame.body, kind)]
    kept += [call for call in calls_in(frame.body) if call.name in _PUTS or call.name[:1].isupper()]
    return any(behind(one, use.site) and name in names_in(one) for one in kept)


def _ends(end: Function, name: str, *, plain: bool) -> bool:
    """Tell whether an end calls off what is kept under a name: ``entry.line.abort()``, ``for (off of offs) off()``."""
    for call in calls_in(end.body):
        if (
            not (plain and call.name == "clear")  # what holds nothing but its entries goes with them
            and call.receiver is not None
            and last_name(call.receiver) == name
            and (not _ENDS.isdisjoint(words(call.name)[:1]) or (not plain and _says_end(call)))
        ):
            return True
    for loop in find(end.body, For):
        over = loop.iterable
        if over is not None and loop.target is not None and any(last_name(one) == name for one in _parts(over)):
            taken = names_in(loop.target)
            if any(
                names_in(call) & taken and (not call.args or not _ENDS.isdisjoint(words(call.name)[:1]))
                for call in calls_in(loop.body)
            ):
                return True
    return False


def _says_end(call: Call) -> bool:
    """Tell whether something is told to do what nobody has an answer of, behind the hook or whatever that does.

    ``finally: entry.handle.invalidate()``
    """
    clauses = (one for one in ancestors(call) if isinstance(one, Try))
    last = any(inside(call, one) for clause in clauses for one in clause.final)
    return last and not call.args and not call.keywords and use_of(call).how == "dropped"


def _parts(over: Expr) -> list[Member | Name]:
    return [*find(over, Member), *find(over, Name)]


def _speaks(body: Sequence[Node], name: str) -> bool:
    return name in names_in(body)

"""API182: the context of a plugin holds a list or a map of the host itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_context_type, is_starter
from reviewer.code.reach.elements import KEEPS, value_type
from reviewer.code.reach.links import class_of_value, declared_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Binary, Call, Expr, Function, Literal, Member, Name, Node, Object, Return, strip
from reviewer.code.tables import Table, kind_of, tables
from reviewer.code.text.ideas import FACES, PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import last_name, last_words, word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module

_PLUGINS: Final = PLAIN_GUEST | word_set("module instance")
_CHANGEABLE: Final = ("Set<", "Map<", "Array<")
_MAKES: Final = word_set("for make create build new open")
"""Words of a function that makes what one plugin gets: ``portFor``, ``create_api``."""
OWN: Final = word_set("config settings options owned disposables subscriptions")
"""Words of what may well belong to the one plugin that gets it."""


@module_check("API182", words=FACES | {"activate", "start"})
def live_table_handed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each context that is made for a plugin for a collection which the host goes on using."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for made, values in contexts(module):
        for value in values:
            held = _element(module, value)
            if held is not None:
                yield Match(
                    value,
                    f"What '{held.name.removeprefix('#')}' holds goes to the plugin itself, no copy: what the plugin "
                    "adds, replaces or removes is so for all the others and the host.",
                    related=((held.declared, "the host's own"),),
                )
                continue
            given = _given(value)
            table = live_table(module, given) if given is not None else None
            if table is None or (set(words(table.name)) & OWN and not _serves_many(made, table)):
                continue
            yield Match(
                value,
                f"'{table.name.removeprefix('#')}' itself is given to the plugin, no copy of the {table.kind}: what "
                "the plugin adds, replaces or removes is so for all the others and the host.",
                related=((table.declared, "the host's own"),),
            )


def contexts(module: Module) -> Iterator[tuple[Expr, list[Expr]]]:
    """Yield what plugins are given as their context, with the values in it: objects, and records of such a class."""
    for made in module.all(Object):
        if _for_a_plugin(made):
            yield made, [value for key, value in made.entries if isinstance(key, Literal)]
    for call in module.all(Call):
        name = call.callee.id if isinstance(call.callee, Name) else ""
        if name[:1].isupper() and is_context_type(name) and (call.new or module.language == "python"):
            yield call, [*call.args, *call.keywords.values()]


def _serves_many(made: Expr, table: Table) -> bool:
    """Tell whether the object that has the collection makes contexts for whichever plugin it is asked for."""
    function = function_of(made)
    asked = function.params if function is not None and function.owner is table.owner else []
    return any(set(words(param.name)) & _PLUGINS for param in asked)


def _for_a_plugin(made: Object) -> bool:
    """Tell whether an object is what a plugin is started with, frozen or not."""
    around: Node | None = made.parent
    if isinstance(around, Call) and around.name in ("freeze", "seal"):
        around = around.parent
    if isinstance(around, Call):
        return is_starter(around.name) and bool(set(last_words(around.receiver)[-1:]) & _PLUGINS)
    function = function_of(made)
    said = set(words(function.name)) if function is not None else set()
    return isinstance(around, Return) and ("context" in said or bool(said & FACES and said & _MAKES))


def _given(value: Expr) -> Expr | None:
    """Return what an entry gives: the value itself, or what a function without a body of its own returns."""
    value = strip(value)
    if isinstance(value, Function):
        only = value.body[0] if len(value.body) == 1 and not value.params else None
        return strip(only.value) if isinstance(only, Return) and only.value is not None else None
    return value


def _element(module: Module, value: Expr) -> Table | None:
    """Return the map out of which a function hands one of its lists as it is: ``(topic) => this.past.get(topic)``."""
    value = strip(value)
    only = value.body[0] if isinstance(value, Function) and len(value.body) == 1 and value.params else None
    given = strip(only.value) if isinstance(only, Return) and only.value is not None else None
    if isinstance(given, Binary) and given.op in ("??", "or"):
        given = strip(given.left)
    if not isinstance(given, Call) or given.name != "get" or given.receiver is None:
        return None
    table = live_table(module, strip(given.receiver))
    if table is None or table.kind != "map":
        return None
    held = value_type(declared_type(module, strip(given.receiver)))
    if held:
        changeable = held.endswith("[]") or held.startswith(_CHANGEABLE)
        return table if changeable and not held.startswith("readonly") else None
    lists = [entry.value for entry in table.of("write") if entry.value is not None]
    return table if lists and all(_is_list(module, one) for one in lists) else None


def _is_list(module: Module, value: Expr) -> bool:
    """Tell whether a value is written as a list, a set or a map, or made of one: ``list.slice(-100)``."""
    made = module.scopes.origin(value)
    if isinstance(made, Binary) and made.op in ("??", "or"):
        made = strip(made.right)  # lists.get(topic) ?? []
    if isinstance(made, Array):
        return True
    return isinstance(made, Call) and (made.name in KEEPS or (made.new and made.name in ("Set", "Map")))


def live_table(module: Module, given: Expr) -> Table | None:
    """Return the collection of the class or the module that an expression names, where its type lets it be changed."""
    if isinstance(given, Member) and not is_this_member(given):
        return _of_what_it_holds(module, given)
    if not isinstance(given, Name) and not is_this_member(given):
        return None
    if declared_type(module, given).lower().startswith("readonly"):
        return None
    for table in tables(module):
        if table.name == last_name(given) and (table.owner is not None) == is_this_member(given):
            return table if table.owner is not None or _outlives(module, table, given) else None
    return None


def _of_what_it_holds(module: Module, given: Member) -> Table | None:
    """Return the collection of an object or a record that a class has: ``this.registry.hooks``, ``this.#state.all``."""
    holder, cls = strip(given.object), class_of(given)
    if not is_this_member(holder) or cls is None or declared_type(module, given).lower().startswith("readonly"):
        return None
    owner = class_of_value(module, holder)
    if owner is not None and owner is not cls:
        return next((one for one in tables(owner.module) if one.owner is owner and one.name == given.name), None)
    for value in module.scopes.field_values(cls, holder.name):
        record = strip(value) if isinstance(value, Expr) else None
        held = record.get(given.name) if isinstance(record, Object) else None
        kind = kind_of(module, held)
        if kind and held is not None:
            return Table(given.name, kind, held, cls, None)
    named = [one for one in tables(module) if one.name == given.name and one.owner not in (None, cls)]
    private = given.name.startswith(("_", "#"))  # nobody but its owner is meant to know it
    return named[0] if owner is None and private and len(named) == 1 else None


def _outlives(module: Module, table: Table, given: Expr) -> bool:
    """Tell whether a variable is the very one that the table was declared as, and not made for this plugin."""
    bound = module.scopes.lookup(last_name(given), given)
    return any(one is table.declared for one in bound) and function_of(table.declared) is not function_of(given)

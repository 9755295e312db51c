"""REG001: a registration that writes over an entry of the same id without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, returns_of
from reviewer.code.reach.links import callee, declared_type, definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Function,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Template,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, inside, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.brought import is_brought
from reviewer.experts.paths import last_words
from reviewer.experts.registry.entering import (
    enters,
    enters_by_shape,
    is_decorated,
    key_is_given,
    looked_at,
    of_a_registry,
)
from reviewer.experts.registry.made_from import ways_back
from reviewer.experts.registry.nested import looks_inside, nested_writes
from reviewer.experts.registry.own_lists import is_own_list
from reviewer.experts.registry.owned_entries import enters_owned
from reviewer.experts.registry.registering.asked_by_callers import free_for_callers
from reviewer.experts.registry.taken_beside import free_beside
from reviewer.experts.registry.vocabulary import OWNERS, PASSING, PLUGINS, REGISTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_HANDLERS: Final = frozenset({"handlers", "callbacks"})
"""Words of tables of functions, which are one for each name where a decorator fills them."""
_TIMERS: Final = frozenset({"setInterval", "setTimeout", "call_later", "Timer"})
_NUMBERS: Final = frozenset({"number", "int", "bigint"})
_HANDLES: Final = frozenset({"fd", "fileno", "pid", "tid"})
"""Last words of what the system gave out to tell a file, a process or a thread from others."""
_REQUESTS: Final = frozenset({"req", "request", "requests"})
"""Words of tables of what is under way: nobody who writes a plugin chooses their keys."""
_NOTES: Final = frozenset("put enter set save store note record write update".split())
_KEEPS: Final = frozenset("save write persist flush dump commit".split())
"""Words of methods by which a book of records is written to the disk."""
_NEW: Final = frozenset("generate next random uuid uuid4 nanoid unique fresh".split())
_EXISTS: Final = frozenset({"exists", "is_dir", "is_file", "isdir", "isfile", "existsSync", "pathExists", "lexists"})


@module_check("REG001", words=REGISTERS | PLUGINS | {"key", "name", "map", "dict", "items"})
def overwrites_silently(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find table writes of entering functions that nobody preceded with a look."""
    if module.is_test:
        return
    spoken: set[int] = set()
    for table in tables(module):
        if table.kind != "map" or not _is_registry(module, table):
            continue
        yield from _inside(module, table)
        for access in table.of("write"):
            function = access.function
            entering = enters(function)
            if function is None:
                continue
            if entering is None or not of_a_registry(table, entering):
                entering = enters_by_shape(module, table, access)
            owned = enters_owned(module, table, access)
            entering = entering or owned
            if entering is None:
                continue
            if id(entering) in spoken:
                continue
            if _is_tree(access, function) or _is_timer(module, access) or _is_answer(entering):
                continue
            if not _enters_given(module, access) or _looked_at(module, table, access, function, entering):
                continue
            if (owned is None and _in_own_drawer(module, access.key, entering)) or _is_counted(module, access.key):
                continue
            if (
                _says_the_same(access.value)
                or _is_made_new(module, access.key, entering)
                or not _REQUESTS.isdisjoint(words(table.name))
            ):
                continue
            if (
                _is_noted(entering)
                or _is_marked(access, function)
                or free_for_callers(module, table, entering, access.key)
            ):
                continue
            spoken.add(id(entering))
            yield Match(
                access.node,
                f"'{entering.name}' writes into '{table.name}' without looking whether the key is taken: "
                "a second registration of the same id replaces the first one silently.",
            )
            break


def _is_answer(entering: Function) -> bool:
    """Tell whether what is entered is what a server answered, of which the last answer counts."""
    return len(entering.params) == 1 and words(entering.params[0].name)[-1:] in (("response",), ("resp",))


def _is_noted(entering: Function) -> bool:
    """Tell whether a function notes what is so now in a book that it writes down: ``put(it)``, then ``save()``."""
    if not words(entering.name) or words(entering.name)[0] not in _NOTES:
        return False
    later = (call for call in calls_in(entering.body) if is_this_member(call.callee))
    return any(not _KEEPS.isdisjoint(words(call.name)) for call in later)


def _is_counted(module: Module, key: Expr | None) -> bool:
    """Tell whether a key is a number that no author of a plugin chooses: by its type, or as a handle of the system."""
    if key is None:
        return False
    return bool(set(last_words(key)[-1:]) & _HANDLES) or declared_type(module, key).strip("'\" ") in _NUMBERS


def _says_the_same(value: Expr | None) -> bool:
    """Tell whether what is entered is the same whoever enters it: ``users[id] = { registered: true }``."""
    held = strip(value) if value is not None else None
    parts = [strip(part) for _key, part in held.entries] if isinstance(held, Object) else []
    return isinstance(held, Literal) or (bool(parts) and all(isinstance(one, Literal) for one in parts))


def _is_made_new(module: Module, key: Expr | None, entering: Function) -> bool:
    """Tell whether a key was made right there to be like no other: ``request.id = nextId()``."""
    said = module.text_of(key) if isinstance(key, Member) else ""
    return bool(said) and any(
        isinstance(made := strip(one.value), Call) and not _NEW.isdisjoint(words(made.name))
        for one in find(entering.body, Assign)
        if one.value is not None and module.text_of(one.target) == said
    )


def _is_marked(access: Access, function: Function) -> bool:
    """Tell whether a thing itself is the key, under which something is noted of it, and is given back as it came."""
    key = strip(access.key) if access.key is not None else None
    return isinstance(key, Name) and any(
        isinstance(one.value, Name) and one.value.id == key.id for one in returns_of(function)
    )


def _is_own_part(key: Expr | None, value: Expr | None) -> bool:
    """Tell whether a plugin's part in a matter stands under the plugin's own id: ``.set(pluginId, offer.methods)``.

    What is entered a second time is that of the same plugin; of plugins themselves it would be another one.
    """
    named = set(last_words(key))
    return bool(named & OWNERS) and bool(named & {"id", "name"}) and not set(last_words(value)[-1:]) & OWNERS


def _in_own_drawer(module: Module, key: Expr | None, entering: Function) -> bool:
    """Tell whether a key begins with what the function was made for: ``(verb, run) => set(`${id}:${verb}`, run)``.

    Whoever was handed such a function reaches entries of its own alone.
    """
    made = module.scopes.origin(key) if key is not None else None
    for hole in made.holes if isinstance(made, Template) else made.items if isinstance(made, Array) else ():
        name = strip(hole)
        for bound in module.scopes.lookup(name.id, name) if isinstance(name, Name) else ():
            maker = bound.parent if isinstance(bound, Param) else None
            if isinstance(maker, Function) and maker is not entering and inside(entering, maker):
                return True
    return False


def _is_timer(module: Module, access: Access) -> bool:
    """Tell whether what is kept is the handle of a timer, made here or by a helper."""
    held = strip(access.value) if access.value is not None else None
    made = module.scopes.origin(held) if isinstance(held, Name) else held
    if not isinstance(made, Call):
        return False
    helper = definition(module, made.callee)
    given = [one.value for one in returns_of(helper)] if isinstance(helper, Function) else [made]
    calls = [strip(one) for one in given if one is not None]
    return bool(calls) and all(isinstance(one, Call) and one.name in _TIMERS for one in calls)


def _is_tree(access: Access, function: Function) -> bool:
    """Tell whether what is stored is told its parent: a node of a tree, and no entry of a registry."""
    value = strip(access.value) if access.value is not None else None
    return isinstance(value, Name) and any(
        isinstance(one.target, Member)
        and one.target.name.strip("_#") == "parent"
        and isinstance(one.target.object, Name)
        and one.target.object.id == value.id
        for one in find(function.body, Assign)
    )


def _inside(module: Module, table: Table) -> Iterator[Match]:
    """Find writes into the tables that a table holds."""
    for write in nested_writes(module, table):
        function, entering = write.function, enters(write.function)
        if function is None or entering is None or not of_a_registry(table, entering) or _is_noted(entering):
            continue
        if not key_is_given(module, write.key) or looks_inside(write.node, function):
            continue
        if write.value is None or isinstance(strip(write.value), Literal) or _is_own_part(write.key, write.value):
            continue
        yield Match(
            write.node,
            f"'{entering.name}' writes into what '{table.name}' holds without looking whether the key is taken: "
            "a second registration of the same id replaces the first one silently.",
        )
        return


def _is_registry(module: Module, table: Table) -> bool:
    """Tell whether a table is looked up elsewhere, and holds entries rather than something passing.

    What a decorator keeps under a name is one, whatever the table is called.
    """
    passing = set(words(table.name)) & PASSING
    alone = passing <= _HANDLERS and any(is_decorated(one) or _gives_removal(table, one) for one in table.of("write"))
    if passing and not alone:
        return False
    return bool(table.of("read", "iterate", "has", "delete"))


def _gives_removal(table: Table, write: Access) -> bool:
    """Tell whether one handler is kept under a key, and who enters it is given what takes out whatever stands there.

    ``handlers.set(key, handler); return () => handlers.delete(key)``
    """
    value = strip(write.value) if write.value is not None else None
    if write.function is None or not isinstance(value, Name) or table.of("iterate"):
        return False
    given = {id(one.value) for one in returns_of(write.function)}
    return any(id(one.function) in given for one in table.of("delete")) and bool(table.of("read"))


def _looked_at(module: Module, table: Table, access: Access, function: Function, entering: Function) -> bool:
    around = (function, entering)
    if any(looked_at(module, table, one, access.node) for one in around) or free_beside(module, table, access):
        return True
    return _place_was_free(module, access) or _refused_elsewhere(module, access, function)


def _refused_elsewhere(module: Module, access: Access, function: Function) -> bool:
    """Tell whether the same was entered under its key elsewhere, where a second is refused: ``board.plug(id, it)``."""
    if access.key is None or access.value is None:
        return False
    entry = {module.text_of(access.key), module.text_of(access.value)}
    for call in calls_in(function.body, into_functions=False):
        if call.start >= access.node.start:
            return False
        if len(entry) < 2 or not entry <= {module.text_of(arg) for arg in call.args}:
            continue
        target = callee(module, call)
        for table in tables(target.module) if target is not None else ():
            own = (one for one in table.of("write") if one.function is target)
            if target is not None and any(looked_at(target.module, table, target, one.node) for one in own):
                return True
    return False


def _place_was_free(module: Module, access: Access) -> bool:
    """Tell whether it was refused where a file or folder of the same key is there: ``(root / sheet.id).exists()``."""
    key = module.text_of(access.key) if access.key is not None else ""
    asked = (call for one in conditions(access.node) for call in find(one.test, Call) if call.name in _EXISTS)
    return any(
        module.text_of(part) == key
        for call in asked
        for way in ways_back(module, call)
        for part in walk(way, into_functions=False)
        if isinstance(part, Name | Member)
    )


def _named_by_loaded(module: Module, key: Expr) -> bool:
    """Tell whether a key is what loaded code calls itself: ``skill.name`` of ``(await import(file)).default``."""
    named = strip(key)
    if not isinstance(named, Member) or named.name not in ("id", "name", "key", "slug"):
        return False
    holder = strip(named.object)
    if isinstance(holder, Member) and holder.name in ("manifest", "meta", "info"):
        holder = strip(holder.object)
    return is_brought(module, holder)


def _enters_given(module: Module, access: Access) -> bool:
    """Tell whether a write stores a thing of its own under a key that comes from outside."""
    value = strip(access.value) if access.value is not None else None
    if access.key is None or isinstance(value, Literal):
        return False
    if not key_is_given(module, access.key) and not _named_by_loaded(module, access.key):
        return False
    if isinstance(access.node, Assign) and access.node.op != "=":
        return False
    if value is not None and is_own_list(module, access.key, value):
        return False
    if isinstance(value, Object) and not value.entries:
        return False
    if isinstance(value, Call) and value.receiver is None and value.name in ("String", "str", "Number", "int", "float"):
        return False  # a plain value that somebody sets anew
    return "setdefault" not in module.text_of(access.node)

"""PAT007: a plugin keeps what it knows in a variable of the module, which all its instances share."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter, is_stopper
from reviewer.code.flow import conditions, siblings
from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Class,
    Export,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Statement,
    Unary,
    strip,
)
from reviewer.code.tables import kind_of
from reviewer.code.walk import calls_in, find, function_of, walk
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.contract import plugin_definitions
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.changes import CHANGES, changed_root
from reviewer.experts.patterns.sharing import home
from reviewer.experts.patterns.vocabulary import FIRM_CACHES, spelled
from reviewer.experts.told_only import tells
from reviewer.subject.ecosystem import GENERIC

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function
    from reviewer.experts.check import Inquiry

_MOST: Final = 20
"""Calls of one function that are looked at."""
_NUMBERS: Final = word_set("id ids seq sequence serial counter count next uid number nr version generation calls")
_MAKES: Final = word_set("create make new build open start use get")
"""First words of a function that makes something for its caller."""
_STATES: Final = word_set("state model draft")
_HAPPENED: Final = word_set("action event message msg command intent")
_STATE_AND_ACTION: Final = 2
_LAZY: Final = frozenset({"import", "require", "import_module", "compile", "createRequire", "getLogger", "get_logger"})
_OF_EACH: Final = frozenset(
    {"WeakMap", "WeakSet", "WeakKeyDictionary", "WeakValueDictionary", "ContextVar", "AsyncLocalStorage", "local"}
)
"""What holds something of each object or call that uses it."""
_HARMLESS: Final = FIRM_CACHES | word_set(
    "logger log lock locks mutex semaphore pattern regex parser formatter wasm registry"
)
_SAID_ONCE: Final = word_set("warned reported logged complained")
"""What somebody has been told already, by the words for it."""


@module_check("PAT007", words=())
def module_level_state(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where functions change a variable of the module, in a module that defines a plugin."""
    if module.is_test or inquiry.subject.kind != "plugin":
        return
    variables = _variables(module)
    if not variables:
        return
    changes = _changes(module, variables)
    if not changes:
        return
    plugins = plugin_definitions(module)
    foreign = {"node_modules", "vendor", "third_party", "_vendor"} & set(module.path.split("/"))
    if foreign:
        return
    several = any(isinstance(plugin.at, Class) or function_of(plugin.at) is not None for plugin in plugins)
    several = several or any(_begins_and_ends(cls) for cls in module.classes)
    plugged = [] if several else list(_classes_helped(inquiry, module))
    for name, declared in variables.items():
        places = changes.get(name, [])
        if not places or _harmless(module, name, declared, places):
            continue
        if not several and not plugins and all(_filled_once(module, name, place) for place in places):
            continue
        shared = several or any(
            (bool(module.classes) and _in_method(place)) or _called_in(plugged, place)
            for place in (places if plugged else ())
        )
        shared = shared or any(_of_made(place) or _of_reducer(place) for place in places)
        yield Match(
            declared,
            f"'{name}' belongs to the module and is changed at run time: all instances and tenants share it, "
            "and it outlives deactivation.",
            related=tuple((place, "changed here") for place in places[:3]),
            severity=None if shared else Severity.LOW,
            confidence=None if shared else Confidence.POSSIBLE,
        )


def _begins_and_ends(cls: Class) -> bool:
    """Tell whether a class has a method that wakes it and one that puts it to rest, as a plugin's class has."""
    named = [method.name for method in cls.methods if not method.signature_only]
    return cls.kind == "class" and any(map(is_starter, named)) and any(map(is_stopper, named))


def _classes_helped(inquiry: Inquiry, module: Module) -> Iterator[Class]:
    """Yield the classes that begin and end, as a plugin's does, of the files that use this one."""
    if inquiry.manifest is None or inquiry.subject.ecosystem != GENERIC:
        return
    for user in islice(inquiry.project.modules(tests=False, using=module.path), _MOST):
        yield from (cls for cls in user.classes if _begins_and_ends(cls))


def _called_in(classes: list[Class], place: Node) -> bool:
    """Tell whether one of these classes calls the function that changes something, as long as it lives."""
    function = function_of(place)
    while function is not None and function.outer is not None:
        function = function.outer
    if function is None or function.owner is not None:
        return False
    name = _name_of(function)
    return bool(name) and any(
        call.name == name and callee(cls.module, call) is function for cls in classes for call in find(cls, Call)
    )


def _name_of(function: Function) -> str:
    around = function.parent
    return around.target.id if isinstance(around, Assign) and isinstance(around.target, Name) else function.name


def _of_made(place: Node) -> bool:
    """Tell whether a member of what a function makes for its caller changes something: each asks for one of its own.

    ``const past = []`` beside ``createHistory() { return { remember: (chart) => past.push(chart) }; }``.
    """
    inner = function_of(place)
    if inner is None or _is_kept_result(inner, place):
        return False
    if inner.owner is not None:  # the parser has a function where the tree has a class
        return "function" in inner.owner.raw.type and not set(spelled(inner.owner.name)[:1]).isdisjoint(_MAKES)
    maker = inner.outer
    if maker is None or maker.outer is not None or maker.owner is not None or is_starter(maker.name):
        return False
    if set(spelled(maker.name)[:1]).isdisjoint(_MAKES):
        return False
    given = [one.value for one in find(maker.body, Return, into_functions=False) if one.value is not None]
    members = [value for one in given for made in find(one, Object) for _key, value in made.entries]
    return any(one is inner or (isinstance(one, Name) and one.id == inner.name) for one in members)


def _is_kept_result(function: Function, place: Node) -> bool:
    """Tell whether something is put into a table that the same function asks first: a result for all."""
    if not isinstance(place, Call) or place.name not in ("set", "setdefault") or place.receiver is None:
        return False
    held = function.module.text_of(place.receiver)
    return place.name == "setdefault" or any(
        call.name in ("get", "has") and call.receiver is not None and function.module.text_of(call.receiver) == held
        for call in calls_in(function.body)
    )


def _of_reducer(place: Node) -> bool:
    """Tell whether a function changes something that should give the next state from the last and what has happened."""
    function = function_of(place)
    if function is None or len(function.params) != _STATE_AND_ACTION:
        return False
    state, action = (set(spelled(param.name)) for param in function.params)
    returned = any(one.value is not None for one in find(function.body, Return, into_functions=False))
    return returned and bool(state & _STATES) and bool(action & _HAPPENED)


def _in_method(place: Node) -> bool:
    function = function_of(place)
    while function is not None and function.owner is None:
        function = function.outer
    return function is not None


def _variables(module: Module) -> dict[str, Assign]:
    """Return the variables of the module that could change, by name, the first time each is given a value."""
    found: dict[str, Assign] = {}
    for statement in module.body:
        for part in statement.body if isinstance(statement, Export) else [statement]:
            for node in walk(part, into_functions=False):
                if isinstance(node, Assign) and isinstance(node.target, Name) and node.op == "=":
                    found.setdefault(node.target.id, node)
    bound = module.scopes.table(None)
    return {
        name: node
        for name, node in found.items()
        if not name.startswith("__")
        and _may_change(module, node)
        and all(isinstance(b, Assign) for b in bound.get(name, ()))
    }


def _may_change(module: Module, node: Assign) -> bool:
    if node.declare != "const":
        return True
    value = strip(node.value) if node.value is not None else None
    return isinstance(value, Object | Array) or bool(kind_of(module, value, node.type))


def _changes(module: Module, variables: dict[str, Assign]) -> dict[str, list[Node]]:
    """Return where functions change the variables of the module."""
    found: dict[str, list[Node]] = {}
    for node in module.some(*CHANGES):
        name = _changed(node)
        if name is None or name.id not in variables:
            continue
        function = function_of(node)
        if function is None or _runs_at_load(module, function):
            continue
        lives = home(module, name.id, node)
        if lives is not None and lives.scope is None:
            found.setdefault(name.id, []).append(node)
    return found


def _runs_at_load(module: Module, function: Function) -> bool:
    """Tell whether a function is called while the module loads: what it changes is being set up."""
    if not function.name or function.owner is not None:
        return False
    return any(function_of(call) is None for call in islice(module.calls((function.name,)), _MOST))


def _changed(node: Node) -> Name | None:
    """Return the variable that a node changes, or what it holds."""
    target = changed_root(node)
    return target if isinstance(target, Name) else None


def _harmless(module: Module, name: str, declared: Assign, places: list[Node]) -> bool:
    """Tell whether sharing a variable is what it is for: numbers for ids, things loaded once, caches by object."""
    words = set(spelled(name))
    if any(_is_for_one_file(place) or _by_decorator(place) for place in places):
        return True
    if words & _HARMLESS or (words & _SAID_ONCE and all(map(_only_to_tell, places))):
        return True
    given = [one.value for one in module.scopes.table(None).get(name, ()) if isinstance(one, Assign)]
    made = [value for one in given if one is not None and isinstance(value := strip(one), Call)]
    if any(value.name in _OF_EACH or {"local", "threadlocal"} & set(spelled(value.name)) for value in made):
        return True
    if words & _NUMBERS and all(_counts_up(place) for place in places):
        return True
    return _is_count(places) or _is_said_once(declared, places) or all(_loads_once(module, place) for place in places)


def _is_for_one_file(place: Node) -> bool:
    """Tell whether something is emptied whenever a linter begins with a file, or is done with it: ``Program() {…}``."""
    function = function_of(place)
    return isinstance(place, Call) and place.name == "clear" and function is not None and _is_of_program(function)


def _is_of_program(function: Function) -> bool:
    """Tell whether a function is the visitor of the root of a tree, coming or going: ``"Program:exit"() {…}``."""
    entries = function.parent.entries if isinstance(function.parent, Object) else []
    keys = [key.value for key, made in entries if made is function and isinstance(key, Literal)]
    return any(str(one).partition(":")[0] == "Program" for one in (function.name, *keys))


def _by_decorator(place: Node) -> bool:
    """Tell whether a decorator notes what it is put on, which files do when they are loaded."""
    function = function_of(place)
    while function is not None and function.outer is not None:
        function = function.outer
    return function is not None and "decorator" in spelled(function.name)


def _only_to_tell(place: Node) -> bool:
    """Tell whether something is noted only so that a line of a log is written once: ``warned.add(key); warn(key)``."""
    if isinstance(place, Assign) and isinstance(place.value, Literal) and isinstance(place.value.value, bool):
        return True
    around = place
    while around.parent is not None and not isinstance(around, Statement):
        around = around.parent
    others = [call for one in siblings(around) for call in calls_in(one) if call is not place]
    return all(tells(call) or call.receiver is None or call.name in ("has", "join") for call in others)


def _counts_up(node: Node) -> bool:
    return (isinstance(node, Unary) and node.op == "++") or (isinstance(node, Assign) and node.op == "+=")


def _is_count(places: list[Node]) -> bool:
    """Tell whether a variable goes up and down by one: how many there are is asked of all of them."""
    steps = {one.op[0] for one in places if isinstance(one, Unary | Assign) and one.op in ("++", "--", "+=", "-=")}
    by_one = (isinstance(one, Unary) or (isinstance(one, Assign) and isinstance(one.value, Literal)) for one in places)
    return steps == {"+", "-"} and all(by_one) and all(getattr(one, "op", "=") != "=" for one in places)


def _is_said_once(declared: Assign, places: list[Node]) -> bool:
    """Tell whether a variable only notes that something has been done, and is never taken back: ``warned = true``."""
    first = strip(declared.value) if declared.value is not None else None
    noted = {
        one.value.value if isinstance(one, Assign) and one.op == "=" and isinstance(one.value, Literal) else None
        for one in places
    }
    return isinstance(first, Literal) and isinstance(first.value, bool) and noted == {not first.value}


def _loads_once(module: Module, node: Node) -> bool:
    """Tell whether a variable is filled with a module or another thing without state of its own."""
    if not isinstance(node, Assign) or node.value is None or not isinstance(node.target, Name):
        return False
    value: Expr = node.value
    if isinstance(value, Binary) and value.op in ("or", "??"):  # x = x || require("x")
        value = value.right
    while isinstance(value, Member | Await) or (isinstance(value, Call) and isinstance(value.callee, Member)):
        if isinstance(value, Call) and value.name in _LAZY:
            return True
        value = value.value if isinstance(value, Await) else value.object if isinstance(value, Member) else value.callee
    if isinstance(value, Literal):
        return node.op == "=" and value.value is None
    return isinstance(value, Call) and value.name in _LAZY


def _filled_once(module: Module, name: str, node: Node) -> bool:
    """Tell whether a variable is only filled while it is empty."""
    if isinstance(node, Assign) and node.op in ("??=", "||="):
        return True
    return any(name in module.text_of(condition.test) for condition in conditions(node))

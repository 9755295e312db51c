"""What a parameter is given: by how its function is registered, else by its name and type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from reviewer.code.contexts import context_parameter
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Call, For, Function, Index, Literal, Member, Name, Object, Param, strip
from reviewer.code.text.ideas import HOST_NAMES
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.paths import last_words
from reviewer.experts.security.values.declared import declared_otherwise
from reviewer.experts.security.values.source_words import (
    ANSWERS,
    HANDLES,
    MANIFESTS,
    REQUESTS,
    ROUTERS,
    ROUTES,
    SETTINGS,
    SURE_MESSAGES,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node

_TYPES: Final = (
    (REQUESTS, "request"),
    (SURE_MESSAGES | {"event"}, "message"),
    (SETTINGS, "config"),
    (MANIFESTS, "manifest"),
    (ANSWERS, "remote"),
)
_HOST_MADE: Final = frozenset(
    {"context", "ctx", "logger", "log", "signal", "next", "done", "cb", "callback", "error", "err"}
)
_SIGNALS: Final = frozenset(
    "close exit error end drain finish ready connect listening disconnect sigint sigterm open timeout spawn".split()
)
"""Events whose payload nobody outside chooses."""
_GESTURES: Final = frozenset(
    "input change click dblclick keyup keydown keypress submit focus blur scroll resize mouseenter mouseleave "
    "mousedown mouseup mousemove pointerdown pointerup touchstart touchend".split()
)
"""What a person does on a page."""
_TYPED: Final = frozenset({"onDidChangeValue", "onDidAccept", "onDidChangeSelection", "onDidChangeActive"})
"""Events of an editor's input boxes: what the person who runs the plugin types into them."""
_OF_TEMPLATES: Final = frozenset({"registerHelper", "registerPartial", "registerDecorator"})
"""Calls that give functions to templates, which the program itself writes."""
_FILE_EVENTS: Final = frozenset("add change update remove unlink rename create delete created changed deleted".split())
_FILES: Final = (("path",), ("file",), ("filename",), ("filepath",))
_COMMAND_LINES: Final = ("click.", "typer.", "rich_click.", "asyncclick.", "cloup.", "argh.")
"""Modules whose decorators make a command of the command line."""
_FIXTURES: Final = frozenset({"pytest.fixture", "pytest.yield_fixture", "pytest_asyncio.fixture"})
_QUERY_TYPES: Final = frozenset({"URLSearchParams", "ParsedUrlQuery", "QueryParams"})
"""Types of what stands behind the question mark of an address."""
_QUERIES: Final = frozenset({"query", "searchParams", "search_params", "queryParams", "query_params"})
"""Names of the same; a statement for a database has no values under a name."""
_ADDRESS_PARTS: Final = frozenset({"query", "params", "querystring"})
"""Members under which the context of a route holds what its client chose."""
_TO_PEOPLE: Final = frozenset(
    "error end welcome success status help failure warning exit loading empty confirm commit".split()
)
"""Words before a message that is shown to people, or written down for them: ``errorMessage``."""
_known: WeakKeyDictionary[Module, dict[str, str]] = WeakKeyDictionary()


def kind_of_param(module: Module, function: Function, param: Param, name: str) -> str:
    """Return the kind of origin of a parameter: a key of `provenance.SAID`, or ``context``."""
    if context_parameter(function, param):
        fields = {local: prop for prop, local in param.fields.items()}
        taken = set(words(fields.get(name, "")))
        return "config" if taken & SETTINGS else "context"
    if _is_query(function, param, name):
        return "request"
    if (set(words(name)) <= _HOST_MADE and name) or _is_injected(param) or _is_fixture(module, function):
        return "context"
    if told_by_parent(function):
        return "context"
    registered = _registered(module, function)
    if registered == "message" and set(words(name)) <= HOST_NAMES and name:
        return "context"  # the host hands itself where it has come to a point: ``hook.register("setup", extend)``
    if registered and not (registered == "message" and _tells_of_file(function, param)):
        return registered
    if _is_text_to_show(function, param):
        return "parameter"
    said = words(name) if not param.fields else ()
    declared = words(param.type.split("<")[0].split("[")[0].rsplit(".", 1)[-1])
    for spelled in (said, declared):
        for vocabulary, kind in _TYPES:
            if spelled and spelled[-1] in vocabulary and not {"with", "without"} & set(spelled):
                if kind in ("request", "remote") and declared_otherwise(param.type, vocabulary):
                    continue
                return kind
    return "parameter"


def told_by_parent(function: Function) -> bool:
    """Tell whether a function hears what the process says that started this one: ``process.on("message", …)``."""
    call = function.parent
    if not isinstance(call, Call) or call.name not in ("on", "once", "addListener") or call.receiver is None:
        return False
    topic = strip(call.args[0]) if len(call.args) > 1 else None
    told = isinstance(topic, Literal) and topic.value == "message"
    return told and last_words(call.receiver) in (("process",), ("parent", "port"))


def _is_query(function: Function, param: Param, name: str) -> bool:
    """Tell whether a parameter holds what stands behind the question mark of an address, parted into its values."""
    declared = param.type.rsplit(".", 1)[-1]
    if param.fields or declared in _QUERY_TYPES:
        return declared in _QUERY_TYPES and not param.fields
    taken = (call for call in find(function.body, Call) if call.name in ("get", "getAll", "getlist"))
    return name in _QUERIES and any(
        isinstance(call.receiver, Name)
        and call.receiver.id == name
        and isinstance(key := call.arg(0), Literal)
        and isinstance(key.value, str)
        for call in taken
    )


def of_query(module: Module, root: Name, part: str) -> bool:
    """Tell whether a part of what a route is handed is what its client put into the address: ``ctx.query``."""
    if part not in _ADDRESS_PARTS:
        return False
    function = next((one.parent for one in module.scopes.lookup(root.id, root) if isinstance(one, Param)), None)
    return isinstance(function, Function) and _registered(module, function) == "request"


def _tells_of_file(function: Function, param: Param) -> bool:
    """Tell whether a watcher of files says which of them changed: ``watcher.on("remove", (path) => …)``."""
    call = function.parent
    first = strip(call.args[0]) if isinstance(call, Call) and len(call.args) > 1 else None
    topic = first.value.lower() if isinstance(first, Literal) and isinstance(first.value, str) else ""
    return topic in _FILE_EVENTS and param is function.params[0] and words(param.name)[-1:] in _FILES


def _is_text_to_show(function: Function, param: Param) -> bool:
    """Tell whether a message is one to people, and the function takes none: ``say(message: str)``."""
    told = words(param.name)
    said = told[-1:]
    if function.kind == "constructor" and told == ("message",) and not param.type:
        owner = set(words(function.owner.name)) if function.owner is not None else set()
        return bool(owner) and owner.isdisjoint(SURE_MESSAGES | {"event", "request", "command", "job"})
    if len(told) > 1 and said in (("message",), ("messages",), ("msg",)) and told[-2] in _TO_PEOPLE:
        return True
    return (
        param.type in ("str", "string")
        and said in (("message",), ("msg",))
        and not set(words(function.name)) & (HANDLES - {"message"} | {"got", "incoming", "process"})
    )


def _is_of_command_line(module: Module, function: Function) -> bool:
    """Tell whether a function is a command of the program's own command line, by what makes it one."""
    return any(name.startswith(_COMMAND_LINES) for name in _decorators(module, function))


_OF_TESTS: Final = frozenset({"node", "addfinalizer", "getfixturevalue", "fixturename"})
"""Members that the request of a test has, and no other."""


def _is_fixture(module: Module, function: Function) -> bool:
    """Tell whether a function makes something for tests, whose ``request`` is the test that asks for it."""
    if any(name in _FIXTURES for name in _decorators(module, function)):
        return True
    return any(
        one.name in _OF_TESTS and isinstance(one.object, Name) and one.object.id == "request"
        for one in find(function.body, Member)
    )


def _decorators(module: Module, function: Function) -> Iterator[str]:
    for one in function.decorators:
        yield module.resolve(made.callee if isinstance(made := strip(one), Call) else made)


def _is_injected(param: Param) -> bool:
    """Tell whether the framework makes a parameter by a function of the program: ``db: Session = Depends(session)``."""
    made = strip(param.default) if param.default is not None else None
    return "Depends(" in param.type or (isinstance(made, Call) and made.name in ("Depends", "Security"))


def _registered(module: Module, function: Function) -> str:
    """Return how a function is registered: ``request``, ``message`` or an empty string."""
    parent = function.parent
    while isinstance(parent, Object | Array):
        parent = parent.parent
    if isinstance(parent, Call) and parent.callee is not function:
        return _kind_of_registration(parent)
    if function.decorators and _is_of_command_line(module, function):
        return "argument"
    for decorator in function.decorators:
        call = strip(decorator)
        if _is_variant(module, call):
            return ""
        if isinstance(call, Call):
            kind = _kind_of_registration(call)
            if kind:
                return kind
        elif set(last_words(call)[-1:]) & HANDLES:
            return "message"
    known = _references(module)
    return known.get(_written_at(function), known.get(function.name, "") if function.name else "")


def _written_at(function: Function) -> str:
    """Return what stands for a function that is written where it is needed, among the names of others."""
    return f"at {function.raw.start_byte}"


def _is_variant(module: Module, decorator: Expr) -> bool:
    """Tell whether a function is the same for another type: ``@parse.register`` of a ``singledispatch``."""
    made = strip(decorator.callee) if isinstance(decorator, Call) else decorator
    whole = strip(made.object) if isinstance(made, Member) and made.name == "register" else None
    return isinstance(whole, Name) and any(
        one.name == whole.id and "singledispatch" in module.text_of(given)
        for one in module.functions
        for given in one.decorators
    )


def _references(module: Module) -> dict[str, str]:
    """Return for the functions of a module that are registered by name how they are; worked out once."""
    known = _known.get(module)
    if known is None:
        known = _known[module] = {}
        for node in module.all(Call):
            for argument in node.args:
                name = _referred(argument)
                if name and not (argument is node.args[0] and _runs_at_once(module, node)):
                    kind = _kind_of_registration(node)
                    if kind:
                        known.update(dict.fromkeys((name, *_of_rows(module, strip(argument))), kind))
            known.update(_picked_by_name(module, node))
    return known


def _picked_by_name(module: Module, call: Call) -> dict[str, str]:
    """Return the methods that a handler picks by name from a list: ``for (const one of ["add"]) … this[one](args)``."""
    callee, around = strip(call.callee), function_of(call)
    if not isinstance(callee, Index) or around is None or not isinstance(around.parent, Call):
        return {}
    if not isinstance(callee.object, Name) or callee.object.id != "this":
        return {}
    kind = _kind_of_registration(around.parent)
    return dict.fromkeys(_texts_of_rows(module, strip(callee.key)), kind) if kind else {}


def _texts_of_rows(module: Module, key: Expr) -> Iterator[str]:
    for loop in module.scopes.lookup(key.id, key) if isinstance(key, Name) else ():
        rows = module.scopes.origin(loop.iterable) if isinstance(loop, For) and loop.iterable is not None else None
        for item in rows.items if isinstance(rows, Array) else ():
            if isinstance(found := strip(item), Literal) and isinstance(found.value, str):
                yield found.value


def _of_rows(module: Module, argument: Expr) -> Iterator[str]:
    """Yield what a loop puts for its variable, where its rows are written out: ``for name, run in (("a", run_a),)``.

    A function that stands in a row itself is told by its place.
    """
    for loop in module.scopes.lookup(argument.id, argument) if isinstance(argument, Name) else ():
        rows = loop.iterable if isinstance(loop, For) else None
        if isinstance(rows, Call) and rows.name in ("items", "entries"):
            rows = rows.receiver if rows.name == "items" else rows.arg(0)
        made = module.scopes.origin(rows) if rows is not None else None
        if isinstance(made, Array | Object):
            for node in walk(made, into_functions=False):
                if isinstance(node, Name | Member) and (name := _referred(node)):
                    yield name
                elif isinstance(node, Function):
                    yield _written_at(node)


def _runs_at_once(module: Module, call: Call) -> bool:
    """Tell whether a helper of the file calls the function that it is handed first: ``task(this.remove, path)``."""
    helper = definition(module, call.callee) if isinstance(call.callee, Name) else None
    if not isinstance(helper, Function) or helper.module is not module or not helper.params:
        return False
    first = helper.params[0].name
    return any(
        (isinstance(one.callee, Name) and one.callee.id == first)
        or (one.name in ("call", "apply") and isinstance(one.receiver, Name) and one.receiver.id == first)
        for one in find(helper.body, Call)
    )


def _referred(argument: Expr) -> str:
    """Return the name of a function that is handed over: ``onMail``, ``this.onMail``, ``this.onMail.bind(this)``."""
    expr = strip(argument)
    if isinstance(expr, Call) and expr.name == "bind" and expr.receiver is not None:
        expr = strip(expr.receiver)
    if isinstance(expr, Name):
        return expr.id
    return expr.name if is_this_member(expr) else ""


def _is_of_program(call: Call) -> bool:
    """Tell whether a function runs a command that a person types: ``program.command("add").option(…).action(run)``."""
    step = strip(call.receiver) if call.receiver is not None else None
    while isinstance(step, Call) and step.receiver is not None:
        if step.name in ("command", "option", "argument", "arguments", "requiredOption", "usage"):
            return True
        step = strip(step.receiver)
    return False


def _kind_of_registration(call: Call) -> str:
    first = call.arg(0)
    topic = first.value if isinstance(first, Literal) and isinstance(first.value, str) else ""
    if call.name in ROUTES and call.receiver is not None and set(last_words(call.receiver)) & ROUTERS:
        return "request"
    if call.name == "createServer":
        return "request"
    if topic and topic.lower().partition(".")[0] in _SIGNALS | _GESTURES:
        return ""
    if call.name == "action" and _is_of_program(call):
        return "argument"
    if call.name in _TYPED or call.name in _OF_TEMPLATES:
        return ""
    if set(words(call.name)) & HANDLES and (topic or first is not None):
        return "message"
    return ""


def is_registered(module: Module, node: Node) -> bool:
    """Tell whether a function takes messages or requests."""
    return isinstance(node, Function) and bool(_registered(module, node))

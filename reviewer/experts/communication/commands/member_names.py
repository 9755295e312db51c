"""Where the name of a member that is called comes from, and what holds it against a list."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, conditions, returns_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Case,
    Class,
    Expr,
    For,
    Function,
    Imported,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Switch,
    Template,
    is_nothing,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, inside, names_in, walk
from reviewer.experts.communication.aliases import alias_text
from reviewer.experts.communication.incoming import incoming
from reviewer.experts.communication.vocabulary import CALLERS, COMMANDS, EVENTS, EXECUTES
from reviewer.experts.data.patterns import found
from reviewer.experts.paths import last_name, name_words

if TYPE_CHECKING:
    from reviewer.code.bindings import Binding
    from reviewer.code.module import Module

_OF_TABLES: Final = frozenset({"get", "set", "pop", "add", "find"})
"""Names that methods of tables have as well."""
_NAMES: Final = COMMANDS | frozenset(
    "name type kind member fn func function key event topic op path what prop property".split()
)
_MESSAGES: Final = frozenset({"message", "msg", "packet", "envelope", "frame", "request", "req", "order"})
"""What a function calls a message that it is to carry out: whatever its fields are called, others wrote them."""
_OWN: Final = frozenset(
    {"hasOwn", "hasOwnProperty", "has", "includes", "get", "indexOf", "some", "find", "fullmatch", "issubset"}
)
_CLOSED_TYPE: Final = r"^\s*(keyof\b|Literal\[|['\"][^'\"]*['\"](\s*\|\s*['\"][^'\"]*['\"])*\s*$)"
_TEXTS: Final = frozenset({"str", "string", ""})
_PLACES: Final = frozenset({"i", "j", "n", "at", "index", "idx", "position", "pos"})
"""Names of places in a list."""
_UNKNOWN: Final = frozenset({"unknown", "any"})
_PUBLIC: Final = frozenset(
    "exposed exported public allowed remote rpc published callable marked commands command".split()
)


def from_outside(module: Module, name: Expr, *, of_guest: bool = False) -> bool:
    """Tell whether a name comes from whoever calls: a parameter, a field of one, or what was parsed from text.

    What is picked of a guest needs no name that says so: ``member[order.act]``.
    """
    name = strip(name)
    if is_field_of_unknown(module, name):
        return True
    root, split = name, False
    for _ in range(8):
        while isinstance(root, Member | Index):
            root = strip(root.object)
        if isinstance(root, Call):
            if root.name in (
                "get",
                "pop",
                "strip",
                "lower",
                "trim",
                "toLowerCase",
                "partition",
                "split",
                "parse",
                "loads",
                "String",
                "str",
            ):
                split = split or root.name in ("partition", "split")
                root = (
                    strip(root.receiver)
                    if root.receiver is not None
                    and root.name not in ("parse", "loads")
                    and not _of_module(module, root)
                    else next((one for arg in root.args if not isinstance(one := strip(arg), Literal)), root)
                )
                continue
            return False
        if not isinstance(root, Name) or root.id == "this":
            return False
        bindings = module.scopes.lookup(root.id, root)
        binding = next((one for one in bindings if not _is_still_empty(one)), None)
        if isinstance(binding, Param):
            return split or _open_param(module, binding, root.id, name, of_guest=of_guest)
        if isinstance(binding, Assign) and binding.value is not None and binding.value is not root:
            value = strip(binding.value)
            if isinstance(value, (Template | Literal | Object | Array, Binary)):
                return False
            root = value
            continue
        return False
    return False


def _is_still_empty(binding: Binding) -> bool:
    """Tell whether a variable is only made here, and given what it holds later: ``let order;``, ``order = None``."""
    return isinstance(binding, Assign) and (binding.value is None or is_nothing(binding.value))


def is_asked_for(module: Module, target: Expr) -> bool:
    """Tell whether an object was looked up by what a function was told, as one that somebody asks for by its name."""
    made = module.scopes.origin(target)
    key = made.arg(0) if isinstance(made, Call) and made.name == "get" else None
    key = made.key if isinstance(made, Index) else key
    told = module.scopes.lookup(key.id, key) if isinstance(key, Name) else []
    return any(isinstance(one, Param) for one in told)


def _of_module(module: Module, call: Call) -> bool:
    """Tell whether a call is one of a function of a module, which is given what it works on: ``shlex.split(line)``."""
    holder = strip(call.receiver) if call.receiver is not None else None
    return isinstance(holder, Name) and isinstance(module.scopes.origin(holder), Imported)


def is_field_of_unknown(module: Module, name: Expr) -> bool:
    """Tell whether a name is a field of what a function takes as it comes: ``const { verb } = raw as Order``."""
    bound = module.scopes.lookup(name.id, name) if isinstance(name, Name) else []
    made = bound[0].value if len(bound) == 1 and isinstance(bound[0], Assign) else None
    field = strip(made) if made is not None else None
    root = strip(field.object) if isinstance(field, Member) else None
    whole = module.scopes.lookup(root.id, root) if isinstance(root, Name) else []
    return any(isinstance(one, Param) and one.type.strip() in _UNKNOWN for one in whole)


def _open_param(module: Module, param: Param, local: str, name: Expr, *, of_guest: bool) -> bool:
    """Tell whether a parameter may be any text: not a closed type, not always called with constants."""
    function = param.parent
    if not isinstance(function, Function):
        return False
    declared = param.type
    if isinstance(name, Name):
        if found(_CLOSED_TYPE, declared) or _is_closed_alias(module, declared):
            return False
        plain = of_guest and declared.strip() in _TEXTS and name.id not in _PLACES
        if not {*words(local), *words(name.id)} & _NAMES and not plain and not _hears(module, function):
            return False
    elif not (set(name_words(name)) & _NAMES or set(words(local)) & _MESSAGES or of_guest or _hears(module, function)):
        return False
    if isinstance(function.parent, Call) and function.parent.callee is function:
        return False  # called where it stands, with what stands there
    if isinstance(function.parent, Call) and function.parent.name in (
        "forEach",
        "map",
        "filter",
        "flatMap",
        "some",
        "every",
    ):
        return False
    return not _only_constants(module, function, param)


def _hears(module: Module, function: Function) -> bool:
    """Tell whether a function is run with each message of another process, a worker or a page, whatever is in it."""
    return any(one.function is function for one in incoming(module))


def _is_closed_alias(module: Module, declared: str) -> bool:
    return found(_CLOSED_TYPE, alias_text(module, declared.strip()).lstrip("| "))


def _only_constants(module: Module, function: Function, param: Param) -> bool:
    """Tell whether every call of the function gives a constant for the parameter, and there is one."""
    if not function.name:
        return False
    position = function.params.index(param)
    others = module.project.modules(naming={function.name}, tests=False) if module.project is not None else ()
    known = 0
    for other in chain((module,), (one for one in others if one is not module)):
        for call in other.calls((function.name,)):
            if other is module and inside(call, function):
                continue
            if function.name in _OF_TABLES and not is_this_member(strip(call.callee)):
                continue  # of some table, most likely
            given = call.arg(position, param.name)
            if given is None or not _is_constant(other, given):
                return False
            known += 1
    return known > 0


def _is_constant(module: Module, expr: Expr) -> bool:
    """Tell whether a text stands in the program: a literal, a known symbol, or a key that a loop takes from a table.

    A text that is put together has a part that stands there, so that it is no name of just anything.
    """
    expr = strip(expr)
    if isinstance(module.scopes.origin(expr), Template):
        return True
    if isinstance(expr, Literal) or (isinstance(expr, Member) and module.text_of(expr.object) == "Symbol"):
        return True
    bindings = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else []
    loop = bindings[0] if len(bindings) == 1 else None
    if not isinstance(loop, For) or loop.iterable is None:
        return False
    table = strip(loop.iterable)
    return loop.style == "in" or isinstance(module.scopes.origin(table), Array)


def is_limited(module: Module, name: Expr, place: Call) -> bool:
    """Tell whether something on the way here holds the name against a list, or the method against a mark."""
    used = names_in(name) - {"this"}
    texts = {module.text_of(name)}
    read = module.scopes.origin(name)
    if isinstance(read, Member | Index):
        texts.add(module.text_of(read))  # what is held against a list may be the field that the name was read from
    for condition in (*conditions(place), *conditions(name)):
        if any(_holds_against(module, condition.test, used | names_in(place.callee), text) for text in texts):
            return True
    if any(_is_found_by(module, place, text) for text in texts):
        return True
    for node in (*before(place), *before(name)):
        if isinstance(node, Call) and any(_checks(module, node, text) for text in texts):
            return True
    return any(
        (isinstance(around, For) and used & names_in(around.target or []))
        or any(_in_case(module, around, text) for text in texts)
        for around in (*ancestors(place), *ancestors(name))
    )


def _is_found_by(module: Module, place: Call, text: str) -> bool:
    """Tell whether the object was chosen for having the member: ``find((one) => Object.hasOwn(one.verbs, verb))``."""
    root = strip(place.callee)
    while isinstance(root, Member | Index):
        root = strip(root.object)
    chosen = module.scopes.origin(root)
    if not isinstance(chosen, Call) or chosen.name not in ("find", "next"):
        return False
    asked = (call for call in find(list(chosen.args), Call) if call.name in ("hasOwn", "has", "includes"))
    return any(text == module.text_of(given) for call in asked for given in call.args)


def _in_case(module: Module, around: Node, text: str) -> bool:
    """Tell whether a node is an arm of a ``switch`` over the name, so that only the names it lists come there."""
    if not isinstance(around, Case) or not around.tests or not isinstance(around.parent, Switch):
        return False
    return module.text_of(around.parent.subject) == text


def _holds_against(module: Module, test: Expr, used: set[str], text: str) -> bool:
    for node in walk(test):
        if isinstance(node, Call) and node.name in _OWN and any(text == module.text_of(a) for a in node.args):
            return True
        if isinstance(node, Call) and node.name in ("test", "match", "fullmatch", "startswith", "startsWith"):
            parts = [*node.args, *([node.receiver] if node.receiver is not None else [])]
            if any(text == module.text_of(a) for a in parts):
                return not _only_underscore(node)
        if isinstance(node, Call) and len(node.args) == 1 and module.text_of(node.args[0]) == text:
            asked = definition(module, node.callee)
            if isinstance(asked, Function) and _holds_own(asked):
                return True  # isVerb(ask.verb), which looks into a list
        if isinstance(node, Binary) and node.op in ("in", "not in") and module.text_of(node.left) == text:
            return not (module.language != "python" and _is_instance(module, node.right))
        if isinstance(node, Binary) and node.op == "==" and module.text_of(node.left) == text:
            return True
        if isinstance(node, Member | Name | Call) and set(name_words(node)) & _PUBLIC and not _is_asked(node, test):
            call = node if isinstance(node, Call) else node.parent if isinstance(node.parent, Call) else None
            if call is not None and _asks_about_caller(call):
                continue  # a right to do something makes no command of every member
            if call is None or node not in (call, call.callee) or not call.args or names_in(call.args) & used:
                return True  # a question about others says nothing of the name: ``allowed(from, id)``
        if (
            isinstance(node, Call)
            and node.name in ("getattr", "hasattr")
            and len(node.args) > 1
            and isinstance(node.args[1], Literal)
        ):
            return True
    return False


def _holds_own(asked: Function) -> bool:
    """Tell whether a question of one argument looks that up in a list: ``return VERBS.includes(name)``."""
    given = {param.name for param in asked.params[:1]}
    return any(
        call.name in ("includes", "has", "hasOwn", "some") and any(names_in(arg) & given for arg in call.args)
        for call in find(asked.body, Call)
    ) or any(test.op == "in" and names_in(test.left) & given for test in find(asked.body, Binary))


def _asks_about_caller(call: Call) -> bool:
    """Tell whether a question is whether somebody may do something, and not which members may be called."""
    said = words(call.name)
    asks = "allowed" in said and not set(said) & (_PUBLIC - {"allowed"})
    return asks and any(not CALLERS.isdisjoint(words(last_name(strip(arg)))) for arg in call.args)


def _is_asked(node: Node, test: Expr) -> bool:
    """Tell whether a node is the question itself and no mark: the whole test, or Python's own ``callable(found)``."""
    asked = node.callee if isinstance(node, Call) else node
    return node is test or (isinstance(asked, Name) and asked.id == "callable")


def _only_underscore(call: Call) -> bool:
    """Tell whether a test only keeps out names that begin with an underscore."""
    return any(isinstance(a, Literal) and a.value in ("_", "__") for a in call.args)


def _is_instance(module: Module, expr: Expr) -> bool:
    origin = module.scopes.origin(expr)
    return not isinstance(origin, Object) or isinstance(definition(module, expr), Class)


def _checks(module: Module, call: Call, text: str) -> bool:
    if not any(text == module.text_of(a) for a in call.args):
        return False
    said = set(words(call.name))
    return (
        bool(said & {"assert", "check", "ensure", "require", "validate", "verify"})
        and not said & (EVENTS - {"message"})
        and not said & EXECUTES
    )


_LOADERS: Final = frozenset({"import_module", "__import__", "module_from_spec", "load_module", "reload"})


def is_loaded_module(module: Module, target: Expr) -> bool:
    """Tell whether an object is a module of Python: imported here, or what a function of the subject has loaded."""
    origin = module.scopes.origin(target)
    whole = module.scopes.origin(origin.object) if isinstance(origin, Member) else None  # ``pytest.mark``
    if isinstance(origin, Imported) or (isinstance(whole, Imported) and whole.name == "*"):
        return True
    if isinstance(origin, Call):
        return origin.name in _LOADERS or _gives_module(module, origin)
    return isinstance(origin, Name) and origin.id in ("sys", "builtins")


def is_of_library(module: Module, target: Expr) -> bool:
    """Tell whether an object is always made by a function of a library: ``boto3.client(name)``."""
    held = strip(target)
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    made = [strip(one.value) if isinstance(one, Assign) and one.value is not None else None for one in bound]
    return bool(made) and all(isinstance(one, Call) and _is_foreign(module, one) for one in made)


def _is_foreign(module: Module, call: Call) -> bool:
    root = call.receiver
    origin = module.scopes.origin(root) if root is not None else None
    known = isinstance(origin, Imported) and not origin.source.startswith(".") and call.name not in _LOADERS
    return known and definition(module, call.callee) is None


def _gives_module(module: Module, call: Call) -> bool:
    """Tell whether a function of the subject gives what it has loaded, and not what it made of that."""
    target = definition(module, call.callee)
    if not isinstance(target, Function):
        return False
    given = [target.module.scopes.origin(one.value) for one in returns_of(target) if one.value is not None]
    return _says_module(target.returns) or (
        bool(given) and all(isinstance(one, Call) and one.name in _LOADERS for one in given)
    )


def _says_module(annotation: str) -> bool:
    return annotation.strip().strip("'\"").rsplit(".", 1)[-1] == "ModuleType"

"""FUN021: a host that does not start when there is no plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, guarding_try
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Throw,
    Unary,
    is_zero,
    strip,
)
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, function_of, names_in
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MANY: Final = frozenset(
    "plugins extensions addons addins skills widgets mods overlays effects integrations connectors manifests".split()
)
_OF_FILES: Final = frozenset("file files script allowed supported valid image media csv mime accepted name".split())
"""Words of names of the endings that files have."""
_ASKS: Final = frozenset({"supports", "has", "allows", "is", "can", "uses", "needs", "with"})
_STARTS: Final = frozenset(
    "start boot bootstrap load init initialize initialise discover run main setup launch scan startup create build "
    "open mount activate refresh prepare constructor".split()
)
_EXITS: Final = frozenset({"process.exit", "sys.exit", "os._exit", "exit", "quit", "Deno.exit"})
_FINDS: Final = frozenset("find discover scan list load collect get search gather read".split())
_PICKS: Final = frozenset("id name version wanted requested required missing for by capability match matching".split())

_NAMES: Final = frozenset("id name wanted requested required capability".split())
_NONE: Final = regex(r"(?i)\bno (?:plug-?ins?|extensions?|add-?ons?|add-?ins?)\b(?! (?:called|named|with))")
_ONE: Final = PLAIN_GUEST | frozenset("driver backend provider skill widget module".split())


@module_check("FUN021", words=_MANY | {"points", "length", "size", "len"})
def host_needs_plugins(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what the functions that start a host do with an empty collection of plugins."""
    if inquiry.subject.kind != "host" or module.is_test or is_tooling(module.path):
        return
    for statement in module.all(If):
        function = function_of(statement)
        if not _starts(function):
            continue
        end = _ending(module, statement.body)
        empty = end is not None and (_empty(module, statement.test) or _says_none(module, statement.test, end))
        if end is not None and empty and not _names_one(end):
            yield Match(
                end,
                "The host ends here when there is no plugin: a fresh installation, or one in safe mode, can't start.",
            )
    for index in module.all(Index):
        function = function_of(index)
        key = strip(index.key)
        first = isinstance(key, Literal) and key.value == 0 and not isinstance(key.value, bool)
        if not first or not _many(module, index.object) or not _starts(function) or not _used(module, index):
            continue
        if isinstance(written := module.scopes.origin(index.object), Array) and written.items:
            continue
        tested = any(_speaks_of(module, condition.test, index.object) for condition in conditions(index))
        if not tested and guarding_try(index) is None:
            yield Match(
                index,
                "The first plugin is taken without a look whether there is one: with none the host fails to start.",
            )


def _starts(function: Function | None) -> bool:
    """Tell whether a function starts the host or finds its plugins, and picks none for somebody."""
    if function is None:
        return False
    said = words(function.name)
    if not said or not _PICKS.isdisjoint(said):
        return False
    return said[0] in _STARTS or (len(said) > 1 and said[-1] in ("plugins", "all") and said[0] in _STARTS)


def _many(module: Module, expr: Expr) -> bool:
    """Tell whether an expression holds all plugins: by its name, or by what made it."""
    expr = strip(expr)
    name = expr.id if isinstance(expr, Name) else expr.name if isinstance(expr, Member) else ""
    said = words(name)
    if said[-1:] == ("extensions",) and not _OF_FILES.isdisjoint(said):
        return False
    return (
        bool(said)
        and said[0] not in _ASKS
        and (said[-1] in _MANY or any(_finds(call) for call in _making(module, expr)))
    )


def _making(module: Module, expr: Expr) -> Iterator[Call]:
    """Yield the calls whose answers a variable or a field is made of, gone through or not."""
    made: list[Expr] = []
    if is_this_member(expr):
        cls = class_of(expr)
        made = module.scopes.field_values(cls, expr.name) if cls is not None else []
    elif isinstance(expr, Name):
        origin = module.scopes.origin(expr)
        made = [origin] if isinstance(origin, Expr) and origin is not expr else []
    for value in made if len(made) == 1 else ():
        inner = strip(value)
        sources = [given for _target, given in inner.clauses] if isinstance(inner, Comprehension) else [inner]
        yield from (one for one in map(strip, sources) if isinstance(one, Call))


def _finds(call: Call) -> bool:
    """Tell whether a call finds all plugins: ``find_plugins(root)``, ``entry_points(group="acme.backends")``."""
    said = words(call.name)
    if call.name in ("entry_points", "iter_entry_points"):
        return True
    return len(said) > 1 and said[0] in _FINDS and said[-1] in _MANY


def _empty(module: Module, test: Expr) -> bool:
    """Tell whether a condition says that there is no plugin."""
    test = strip(test)
    if isinstance(test, Unary) and test.op == "not":
        inner = strip(test.operand)
        return (_many(module, inner) and module.language == "python") or _counted(module, inner)
    if isinstance(test, Binary):
        right = strip(test.right)
        number = right.value if isinstance(right, Literal) else None
        if test.op in ("==", "<", "<=") and _counted(module, test.left) and not isinstance(number, bool):
            return (test.op, number) in (("==", 0), ("<", 1), ("<=", 0))
    return False


def _says_none(module: Module, test: Expr, end: Node) -> bool:
    """Tell whether a list is asked whether it is empty, and the error says that there are no plugins."""
    asked = strip(test)
    if isinstance(asked, Unary) and asked.op == "not":
        holder = strip(asked.operand)
        counted = isinstance(holder, Name) if module.language == "python" else _is_length(holder)
    else:
        right = strip(asked.right) if isinstance(asked, Binary) and asked.op == "==" else None
        counted = isinstance(asked, Binary) and is_zero(right) and _is_length(strip(asked.left))
    return counted and any(
        isinstance(one.value, str) and _NONE.search(one.value) is not None for one in find(end, Literal)
    )


def _is_length(held: Expr) -> bool:
    return (isinstance(held, Member) and held.name in ("length", "size")) or (
        isinstance(held, Call) and held.name == "len"
    )


def _counted(module: Module, expr: Expr) -> bool:
    """Tell whether an expression is the number of plugins."""
    expr = strip(expr)
    if isinstance(expr, Member) and expr.name in ("length", "size"):
        return _many(module, expr.object)
    return isinstance(expr, Call) and expr.name == "len" and len(expr.args) == 1 and _many(module, expr.args[0])


def _ending(module: Module, body: list[Node] | object) -> Node | None:
    for node in find(body, Throw, into_functions=False):  # type: ignore[arg-type]  # a list of statements
        return node
    for call in find(body, Call, into_functions=False):  # type: ignore[arg-type]  # a list of statements
        if module.resolve(call.callee) in _EXITS:
            return call
    return None


def _names_one(end: Node) -> bool:
    """Tell whether the error names the one that was asked for: then somebody picks a plugin, and the host runs."""
    if not isinstance(end, Throw) or end.value is None:
        return False
    return any(set(words(name)) & _NAMES and set(words(name)) <= _NAMES | _ONE for name in names_in(end.value))


def _used(module: Module, index: Index) -> bool:
    """Tell whether something is done with the first one that fails where there is none; Python fails at once."""
    parent = index.parent
    if isinstance(parent, Assign) and parent.value is index and isinstance(parent.target, Name) and parent.declare:
        return _read_of(index, parent.target)
    if module.language == "python":
        return not (isinstance(parent, Assign) and parent.target is index)
    return isinstance(parent, Member) and not parent.optional


def _read_of(index: Index, name: Name) -> bool:
    """Tell whether a member of the first one is read by its name, before anybody asks whether there is one."""
    function = function_of(index)
    for use in find(function.body, Name) if function is not None else ():
        if use.id == name.id and use is not name:
            return isinstance(use.parent, Member) and not use.parent.optional and not conditions(use)
    return False


def _speaks_of(module: Module, test: Expr, held: Expr) -> bool:
    said = module.text_of(held)
    if said in module.text_of(test):
        return True
    origins = (module.scopes.origin(name) for name in find(test, Name))
    return any(isinstance(one, Expr) and said in module.text_of(one) for one in origins)

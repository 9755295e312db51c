"""LIF008: what was saved is spread into a constructor as it is, whatever version of the code saved it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Class,
    Comprehension,
    Expr,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Spread,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import with_helpers
from reviewer.experts.lifecycle.state.restoring import derived, looks_at_shape, speaks_of_format
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_STATES: Final = frozenset("state saved stored kept snapshot memento checkpoint session persisted".split())
_RESTORES: Final = frozenset("restore resume saved hydrate rehydrate revive thaw restored reopen recall".split())
_TAKES_BACK: Final = _RESTORES | frozenset({"load", "from", "read", "recover", "rebuild"})
_GETS: Final = frozenset({"get", "getItem", "read", "load"})
_STORES: Final = frozenset({"storage", "store", "memento", "kv", "persistence", "vault"})
_TEXTS: Final = frozenset({"JSON.parse", "json.loads", "json.load"})
_LOOSE: Final = frozenset({"any", "unknown", "object", "dict", "mapping", "record"})
"""Words of types that say nothing of what is in a value."""
_MOST: Final = 4


@module_check("LIF008", words=_STATES | _STORES)
def built_of_saved(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each construction for one whose members are all that was saved."""
    if module.is_test:
        return
    for call in module.all(Call):
        given = _spread(module, call)
        function = function_of(call)
        if given is None or function is None or not _is_saved(module, function, given):
            continue
        name = given.id
        nodes = [node for node in walk(function.body) if not _reads_text(module, node)]
        if looks_at_shape(nodes, derived(function, name)) or _speaks(module, function) or _tests(module, call):
            continue
        yield Match(
            call,
            f"'{name}' was saved by whichever version ran then, and all that is in it becomes arguments of "
            f"'{module.text_of(call.callee)}': no format is compared and no shape is tested.",
        )


def _spread(module: Module, call: Call) -> Name | None:
    """Return what a construction takes whole: ``Limits(**state)``, ``new Session({ ...state })``."""
    made = call.new or (call.name[:1].isupper() and isinstance(definition(module, call.callee), Class))
    if not made or len(call.args) != 1 or call.keywords:
        return None
    only = strip(call.args[0])
    if isinstance(only, Object) and len(only.entries) == 1:
        key, value = only.entries[0]
        only = strip(value) if key is None else only
    elif isinstance(only, Spread):
        only = strip(only.value)
    elif module.language == "python":
        return None
    return only if isinstance(only, Name) else None


def _is_saved(module: Module, function: Function, name: Name) -> bool:
    """Tell whether a name is a text of earlier on, or what a function that restores is handed, of no known shape."""
    said = set(words(name.id)) & _STATES
    purpose = set(words(function.name))
    for param in function.params:
        if param.name == name.id:
            told = not param.type or bool(set(words(param.type)) & _LOOSE)
            return told and bool(purpose & (_TAKES_BACK if said else _RESTORES))
    if (kept := _origin(module, name)) is not None and _gives_kept(kept):
        return True
    made = _text_of(module, name)
    return made is not None and bool(said or purpose & _RESTORES or _out_of_store(module, made))


def _text_of(module: Module, expr: Expr) -> Call | None:
    """Return the call that parsed what an expression is, is a part of, or is one item of."""
    made = _origin(module, expr)
    return made if made is not None and _reads_text(module, made) else None


def _gives_kept(call: Call) -> bool:
    """Tell whether a call asks a store for what was left there under a name: ``storage.get("runs")``."""
    key = strip(call.args[0]) if call.args else None
    named = isinstance(key, Literal) and isinstance(key.value, str) and call.name in ("get", "getItem")
    return named and call.receiver is not None and bool(set(words(last_name(call.receiver))) & _STORES)


def _origin(module: Module, expr: Expr) -> Call | None:
    """Return the call that gave what an expression is, is a part of, or is one item of."""
    made: object = strip(expr)
    for _ in range(_MOST):
        if isinstance(made, Await | Cast):
            made = strip(made.value)
        elif isinstance(made, Binary) and made.op in ("or", "??"):
            made = strip(made.left)
        elif isinstance(made, Member | Index):
            made = strip(made.object)
        elif isinstance(made, Name):
            went = _gone_through(module, made)
            made = strip(went) if went is not None else module.scopes.origin(made)
        else:
            break
    return made if isinstance(made, Call) else None


def _gone_through(module: Module, name: Name) -> Expr | None:
    """Return what a loop, or a comprehension, goes through with a name."""
    around = [one for one in ancestors(name) if isinstance(one, Comprehension)]
    for target, iterable in (clause for one in around for clause in one.clauses):
        if name.id in names_in(target):
            return iterable
    bound = module.scopes.lookup(name.id, name)
    return next((one.iterable for one in bound if isinstance(one, For) and one.style != "in"), None)


def _out_of_store(module: Module, parsed: Call) -> bool:
    """Tell whether a text was read from a store under a key, where an earlier run left it."""
    given = module.scopes.origin(parsed.args[0]) if parsed.args else None
    if isinstance(given, Await):
        given = strip(given.value)
    read = isinstance(given, Call) and given.name in _GETS and given.receiver is not None
    return read and isinstance(given, Call) and bool(set(words(last_name(given.receiver))) & _STORES)


@module_check("LIF008", words=_RESTORES)
def fields_of_saved(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what restores for a field that becomes a part of a text of earlier on, whatever that says."""
    if module.is_test:
        return
    for function in module.functions:
        if not set(words(function.name)) & _RESTORES:
            continue
        nodes = [node for node in walk(function.body) if not _reads_text(module, node)]
        puts = [
            node
            for node in nodes
            if isinstance(node, Assign) and node.value is not None and is_this_member(node.target)
            if _text_of(module, node.value) is not None
        ]
        if not puts or _speaks(module, function) or _looked_at(function, nodes, puts):
            continue
        yield Match(
            puts[0],
            f"'{module.text_of(puts[0].target)}' becomes what a text of earlier on says, whichever version wrote it: "
            "no format is compared and no shape is tested.",
        )


def _looked_at(function: Function, nodes: list[Node], puts: list[Assign]) -> bool:
    """Tell whether any of what is put is looked at: what it is made of, or the field afterwards."""
    used = {node.id for put in puts if put.value is not None for node in find(put.value, Name)}
    names = set().union(*(derived(function, name) for name in used)) - {"this", "JSON", "json"}
    roots = {
        node.id
        for one in nodes
        if isinstance(one, Assign) and isinstance(one.target, Name) and one.target.id in names and one.value is not None
        for node in find(one.value, Name)
    } - {"this", "JSON", "json"}
    return looks_at_shape(nodes, names | roots)


def _reads_text(module: Module, node: object) -> bool:
    return isinstance(node, Call) and module.resolve(node.callee) in _TEXTS


def _speaks(module: Module, function: Function) -> bool:
    """Tell whether a function, or a helper of it, names a format of what is saved."""
    own = (node for one in with_helpers(function, 1) for node in walk(one.body))
    return speaks_of_format(node for node in own if isinstance(node, Expr) and not _is_module_path(module, node))


def _is_module_path(module: Module, node: Expr) -> bool:
    """Tell whether a name only stands for a call's target, which says what runs and not what is compared."""
    return isinstance(node, Name | Member) and isinstance(node.parent, Call) and node.parent.callee is node


def _tests(module: Module, call: Call) -> bool:
    """Tell whether the class tests the types of what it is made of."""
    cls = definition(module, call.callee)
    if not isinstance(cls, Class):
        return False
    if module.language == "python" and cls.bases:
        return True  # a model that validates, as far as anybody can see here
    makers = [one for one in cls.methods if one.name in ("constructor", "__init__", "__post_init__")]
    return any(
        looks_at_shape(walk(one.body), {param.name for param in one.params if param.name not in ("", "self")})
        or any(isinstance(node, Call) and node.name == "isinstance" for node in walk(one.body))
        for one in makers
    )

"""PAT010: two ids that follow each other in a key with nothing between them, or a prefix that ends in one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Cast,
    Comprehension,
    Expr,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Return,
    Template,
    strip,
)
from reviewer.code.walk import function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.vocabulary import PLUGINS, PRINCIPALS, TENANTS, last_spelled, names_tenant, spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_IDS: Final = (
    TENANTS
    | PRINCIPALS
    | PLUGINS
    | word_set("id name key slug namespace scope version command action event topic owner")
)
KEYS: Final = word_set("key keys prefix namespace scope cachekey id handle slot bucket topic channel")
_TAKERS: Final = frozenset("get set has delete add pop setdefault put getItem setItem remove drop".split())
_FILES: Final = frozenset(
    "read write save load remove unlink readFile writeFile readFileSync writeFileSync open upload download put".split()
)
"""Methods that take a path."""
_ENDINGS: Final = frozenset({"ext", "extension", "suffix"})
_ASKED: Final = word_set("prefix namespace base root scope filter pattern query search term starts needle")
"""Words of what is meant to be the beginning of several."""
_MOST: Final = 12
"""Calls of one function that are looked at."""


@module_check("PAT010", words=TENANTS | PLUGINS | PRINCIPALS)
def ambiguous_key(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where ids are put together so that two different pairs give the same text."""
    if module.is_test:
        return
    seen: set[int] = set()
    for node in module.some(Template, Binary, Call):
        pair = _pair(module, node)
        made = _bare(module, pair[0]) if pair is not None else None
        if id(made) in seen:
            continue  # one prefix, put before many keys
        if pair is not None and is_key(node) and not any(_is_no_id(module, part) for part in pair):
            first, second = (short(module.text_of(part)) for part in pair)
            if made is not None:
                seen.add(id(made))
            yield Match(
                made or node,
                f"'{first}' and '{second}' follow each other with nothing between them: 'ab' + 'c' and 'a' + 'bc' are "
                "the same key.",
            )
        elif isinstance(node, Call) and node.name in ("startsWith", "startswith", "includes") and len(node.args) == 1:
            prefix = _bare_prefix(node)
            if prefix is not None:
                yield Match(
                    node,
                    f"Everything that starts with '{short(module.text_of(prefix))}' is taken, and so is what belongs "
                    "to another id that begins the same: 'acme' takes 'acme2' with it.",
                    fix="End the prefix with a separator that ids can't contain.",
                )


def _is_no_id(module: Module, part: Expr) -> bool:
    """Tell whether a part is a list, or one of a few names that are written out."""
    return _is_several(module, part) or _is_fixed(module, part) or _is_secret_or_many(part)


def _is_secret_or_many(part: Expr) -> bool:
    """Tell whether a part is by its name a secret, which is no key of anything, or a list of many."""
    said = last_spelled(part)
    many = isinstance(part.parent, Binary) and bool(said & {"components", "extensions", "plugins", "ids", "names"})
    return many or bool(said & {"secret", "token", "signature", "apikey"}) or {"api", "key"} <= set(said)


def _is_fixed(module: Module, part: Expr) -> bool:
    """Tell whether all that a name is ever given is written out there: ``key = "state"``, then ``key = "band"``."""
    named = strip(part)
    bound = module.scopes.lookup(named.id, named) if isinstance(named, Name) else ()
    return bool(bound) and all(
        isinstance(one, Assign) and one.value is not None and isinstance(strip(one.value), Literal) for one in bound
    )


def _is_several(module: Module, part: Expr) -> bool:
    """Tell whether a part is declared as a list or tuple: what is put behind another one is no text."""
    declared = declared_type(module, part).lower()
    return declared.startswith(("tuple", "list", "sequence", "readonly ")) or declared.endswith("[]")


def _pair(module: Module, node: Node) -> tuple[Expr, Expr] | None:
    """Return two ids that stand side by side in a text."""
    if isinstance(node, Template):
        for first, second in pairwise(node.items):
            if _names_file(module, second):
                continue
            if _bare(module, first) and _id(second):
                return (first, second)
            if (_id(first) and _id(second)) or (_id(first) != _id(second) and _told_apart(first, second)):
                return (first, second)
    elif (
        isinstance(node, Binary) and node.op == "+" and not (isinstance(node.parent, Binary) and node.parent.op == "+")
    ):
        parts: list[Expr] = []
        current: Expr = node
        while isinstance(current, Binary) and current.op == "+":
            parts.append(current.right)
            current = current.left
        parts.append(current)
        parts.reverse()
        for first, second in pairwise(parts):
            if (_id(first) or _bare(module, first)) and _id(second) and not _names_file(module, second):
                return (first, second)
    elif isinstance(node, Call) and node.name == "join":
        given = node.args[0] if node.args else None
        holder = node.receiver
        listed, between = (holder, given) if isinstance(holder, Array) else (given, holder)
        empty = isinstance(between, Literal) and between.value == ""
        if isinstance(listed, Array) and empty and sum(map(_id, listed.items)) > 1:
            return (listed.items[0], listed.items[1])
    return None


def _id(expr: Expr) -> bool:
    """Tell whether a part is a text that names somebody: no literal, no number."""
    expr = strip(expr)
    if not isinstance(expr, Name | Member):
        return False
    words = last_spelled(expr)
    return bool(words & _IDS) and not words & {
        "length",
        "size",
        "count",
        "index",
        "offset",
        "prefix",
        "suffix",
        "separator",
        "sep",
        "delimiter",
        "delim",
        "glue",
    }


def _bare(module: Module, first: Node) -> Assign | None:
    """Return where something called a prefix is made that is no more than an id: ``const prefix = plugin``."""
    named = strip(first) if isinstance(first, Expr) else None
    if not isinstance(named, Name) or last_spelled(named) & {"prefix", "namespace", "scope", "base"} == set():
        return None
    bound = module.scopes.lookup(named.id, named)
    only = bound[0] if len(bound) == 1 else None
    made = strip(only.value) if isinstance(only, Assign) and only.value is not None else None
    told = isinstance(made, Name | Member) and bool(last_spelled(made) & (PLUGINS | TENANTS)) and _id(made)
    return only if told and isinstance(only, Assign) else None


def _names_file(module: Module, second: Expr) -> bool:
    """Tell whether what follows is the ending of a file: ``file + ext``, ``extension = path.suffix``."""
    ending = strip(second)
    if not isinstance(ending, Name | Member) or not last_spelled(ending) & _ENDINGS:
        return False
    made = module.scopes.origin(ending)
    cut = isinstance(made, Member | Call) and bool(last_spelled(made) & (_ENDINGS | {"extname", "splitext"}))
    return cut or (isinstance(ending, Name) and ending.id == "ext")


def _told_apart(first: Expr, second: Expr) -> bool:
    """Tell whether two parameters are held against the same pattern one after the other, as ids are.

    ``for ident in (guest, room): if not NAME.fullmatch(ident): …``
    """
    function = function_of(first)
    if function is None or not isinstance(first, Name) or not isinstance(second, Name):
        return False
    pair = {first.id, second.id}
    return any(
        isinstance(loop.iterable, Array)
        and pair <= {item.id for item in loop.iterable.items if isinstance(item, Name)}
        and any(isinstance(part, Call) and part.name in _TESTS for part in walk(loop.body))
        for loop in walk(function.body, into_functions=False)
        if isinstance(loop, For)
    ) or pair <= {
        name
        for call in walk(function.body, into_functions=False)
        if isinstance(call, Call) and call.name in _TESTS
        for name in (arg.id for arg in call.args if isinstance(arg, Name))
    }


_TESTS: Final = frozenset({"test", "match", "fullmatch"})
"""Methods of a pattern that says what an id looks like."""


def is_key(node: Node) -> bool:
    """Tell whether a text is used as a key."""
    around = node.parent
    while isinstance(around, Cast):
        around = around.parent
    if isinstance(around, Binary) and around.op == "/":
        return around.right is node  # a folder of a path
    if isinstance(around, Index):
        return around.key is node
    if isinstance(around, Call):
        if around.name in _FILES and isinstance(node, Template):
            return any(isinstance(item, Literal) and "/" in str(item.value) for item in node.items)
        return around.name in _TAKERS and bool(around.args) and around.args[0] is node
    if isinstance(around, Assign):
        target = around.target
        name = target.id if isinstance(target, Name) else target.name if isinstance(target, Member) else ""
        return bool(set(spelled(name)) & KEYS)
    if isinstance(around, Return):
        function = function_of(node)
        if function is None or not function.name:
            return False
        return bool(set(spelled(function.name)) & KEYS) or _gives_keys(function)
    return False


def _gives_keys(function: Function) -> bool:
    """Tell whether what a function answers is used as a key wherever its file calls it."""
    calls = [
        call
        for call in islice(function.module.calls((function.name,)), _MOST)
        if (call.receiver is None if function.owner is None else is_this_member(call.callee))
    ]
    return bool(calls) and all(isinstance(call.parent, Call | Index | Assign) and is_key(call) for call in calls)


def _bare_prefix(call: Call) -> Expr | None:
    """Return the id that a prefix consists of, where no separator ends it."""
    prefix = strip(call.args[0])
    receiver = call.receiver
    if call.name == "includes" and not _is_one_of_keys(call):
        return None
    if receiver is None or not last_spelled(receiver) & (
        KEYS | {"k", "name", "topic", "path", "command", "event", "permission"}
    ):
        return None
    last: Expr = prefix
    if isinstance(prefix, Template) and prefix.items:
        last = strip(prefix.items[-1])
    elif isinstance(prefix, Binary) and prefix.op == "+":
        last = strip(prefix.right)
    if not isinstance(last, Name | Member):
        return None
    name = last.id if isinstance(last, Name) else last.name
    words = set(spelled(name))
    holder = last_spelled(last.object) if isinstance(last, Member) else set()
    if words & _ASKED or name.isupper() or _is_meant(call):
        return None
    named = names_tenant(name) or bool(words & PLUGINS and words & {"id", "name", "pluginid", "plugin", "extension"})
    named = named or (bool(words & ({"id", "slug", "owner"} | PLUGINS)) and _is_one_of_keys(call))
    named = named or _checked(call, last)
    return last if named or (name in ("id", "name") and bool(holder & (PLUGINS | TENANTS))) else None


def _is_meant(call: Call) -> bool:
    """Tell whether a function takes by a flag either the very name or all that begin with it: ``exact=True``."""
    function = function_of(call)
    return function is not None and any(
        word_set("exact prefix strict fuzzy partial full") & set(spelled(param.name)) for param in function.params
    )


def _checked(call: Call, last: Expr) -> bool:
    """Tell whether the function holds the whole prefix against the pattern of ids: ``NAME.fullmatch(guest)``."""
    function = function_of(call)
    return function is not None and any(
        isinstance(test, Call)
        and test.name in _TESTS
        and any(isinstance(arg, Name) and isinstance(last, Name) and arg.id == last.id for arg in test.args)
        for test in walk(function.body, into_functions=False)
    )


def _is_one_of_keys(call: Call) -> bool:
    """Tell whether what is tested is a key of a table that is gone through: ``for (const k of disk.keys())``."""
    function = function_of(call)
    receiver = strip(call.receiver) if call.receiver is not None else None
    if function is None or not isinstance(receiver, Name):
        return False
    for binding in function.module.scopes.lookup(receiver.id, receiver):
        over: Expr | None = None
        if isinstance(binding, For):
            over = binding.iterable
        elif isinstance(binding, Comprehension):
            over = next((iterable for _target, iterable in binding.clauses), None)
        elif isinstance(binding, Param) and isinstance(binding.parent, Function):
            each = binding.parent.parent
            over = each.receiver if isinstance(each, Call) else None
        if over is not None and any(isinstance(part, Call) and part.name in _KEYS_OF for part in walk(over)):
            return True
    return False


_KEYS_OF: Final = frozenset({"keys", "listdir", "readdir", "readdirSync", "scan_iter", "iterdir", "entries", "items"})

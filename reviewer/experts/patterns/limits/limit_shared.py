"""PAT019: one counter for all, where a limit is meant for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.remembered import remembered
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, Index, Member, Name, Node, Throw, Unary, strip
from reviewer.code.tables import tables
from reviewer.code.walk import ancestors, class_of, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.sharing import home
from reviewer.experts.patterns.vocabulary import PLUGINS, PRINCIPALS, names_tenant, spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Param
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.feeds import Feed

QUOTAS: Final = word_set(
    "quota quotas used usage budget budgets tokens token limit limits limiter rate spent consumed bytes calls requests "
    "hits throttle allowance credits window remaining inflight"
)
"""What a counter behind a limit is called."""

_RATIONS: Final = word_set("quota quotas budget limiter throttle allowance")
"""Words of a class or a function that counts for nothing else than a limit."""


@module_check(
    "PAT019",
    words={
        "quota",
        "quotas",
        "limit",
        "limits",
        "limiter",
        "rate",
        "budget",
        "throttle",
        "allowance",
        "per",
        "counts",
        "used",
        "usage",
    },
)
def limit_shared(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a limit for a plugin or a tenant is counted without one of them."""
    if module.is_test:
        return
    said: set[tuple[int, str]] = set()
    for node in module.some(Assign, Unary, Call):
        function = function_of(node) if isinstance(node, Assign | Unary | Call) else None
        if function is None or not _limits(module, function):
            continue
        counter = _counter(module, node, function)
        who = _who(function)
        if counter and who is not None and (id(class_of(node)), counter) not in said and _compared(function, counter):
            said.add((id(class_of(node)), counter))
            yield Match(
                node,
                f"'{counter}' counts for everybody, though the limit is asked about one '{who.name}': whoever uses "
                "most takes it from all the others.",
            )
    yield from _keyed(inquiry, module)


@remembered
def _limits(_module: Module, function: Function) -> bool:
    """Tell whether a function speaks of limits: by its name, its class, or a comparison with one."""
    cls = class_of(function)
    words = {*spelled(function.name), *spelled(cls.name if cls is not None else "")}
    return bool(words & QUOTAS) or any(
        node.op in (">", ">=", "<", "<=") and _names(node) & (QUOTAS | {"per"})
        for node in find(function.body, Binary, into_functions=False)
    )


def _names(node: Node) -> set[str]:
    found: set[str] = set()
    for part in walk(node, into_functions=False):
        if isinstance(part, Name):
            found.update(spelled(part.id))
        elif isinstance(part, Member):
            found.update(spelled(part.name))
    return found


def _counter(module: Module, node: Node, function: Function) -> str:
    """Return the name of a plain number that a node counts up, or an empty string."""
    target: Expr | None = None
    if isinstance(node, Assign) and node.op in ("+=", "-="):
        target = node.target
    elif isinstance(node, Unary) and node.op in ("++", "--"):
        target = node.operand
    if is_this_member(target):
        name = target.name
    elif isinstance(target, Name):
        lives = home(module, target.id, node)
        if lives is None or lives.scope is function:
            return ""
        name = target.id
    else:
        return ""
    cls = class_of(function)
    rations = bool({*spelled(function.name), *spelled(cls.name if cls is not None else "")} & _RATIONS)
    return name if rations or set(spelled(name)) & (QUOTAS | {"count", "counter", "total", "size", "sent"}) else ""


def _who(function: Function) -> Param | None:
    """Return the parameter that says who is charged."""
    for param in function.params:
        words = set(spelled(param.name))
        if names_tenant(param.name) or (words & PLUGINS and not words & {"module", "package", "app"}):
            return param
    return None


def _compared(function: Function, counter: str) -> bool:
    cls = class_of(function)
    start: Node = cls if cls is not None else function
    for node in walk(start):
        if isinstance(node, Binary) and node.op in (">", ">=", "<", "<="):
            for part in walk(node):
                if (isinstance(part, Member) and part.name == counter) or (
                    isinstance(part, Name) and part.id == counter
                ):
                    return True
    return False


def _keyed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Tables of counters whose key leaves the tenant out although the function is told it."""
    for table in tables(module):
        if table.kind != "map" or not set(spelled(table.name)) & (QUOTAS | {"buckets", "counters", "counts"}):
            continue
        for access in table.of("write"):
            function = access.function
            if function is None or access.key is None or access.value is None:
                continue
            if not _counts(access.value, access.node):
                continue
            key = feeds(module, access.key)
            if not key or any(names_tenant(part) for feed in key for part in (feed.local, *feed.path)):
                continue
            tenant = _charged(module, function, key)
            if not tenant:
                continue
            holder = access.node.receiver if isinstance(access.node, Call) else None
            if holder is not None and not isinstance(strip(holder), Name | Member):
                continue
            yield Match(
                _named(module, access.key) or access.node,
                f"'{table.name}' counts under '{short(module.text_of(access.key))}' alone: all tenants share one "
                f"allowance, and '{short(tenant)}' is not told apart.",
            )
            break


def _charged(module: Module, function: Function, key: dict[Feed, Node]) -> str:
    """Return for whom a function counts, as it is spelled there, where the key says something else; else nothing."""
    params = function.params
    told = next((param.name for param in params if names_tenant(param.name)), "")
    if told:
        return told
    for call in find(function.body, Call, into_functions=False):
        holder = last_name(call.receiver) if call.name in _ASKED else call.name
        if not call.args and names_tenant(holder):
            return module.text_of(call)  # whoever is being served
    cls = class_of(function)
    if not {*spelled(function.name), *spelled(cls.name if cls is not None else "")} & _RATIONS:
        return ""
    places = [at for at, param in enumerate(params) if any(feed.root is param for feed in key)]
    if not places or any(set(spelled(params[at].name)) & _SOMEBODY for at in places):
        return ""
    return next((param.name for param in params[: places[0]] if _is_refused(function, param)), "")


def _is_refused(function: Function, param: Param) -> bool:
    """Tell whether a parameter is somebody whom a refusal names, and who has no other part in the function."""
    if param.type.strip() not in ("", "string", "str") or set(spelled(param.name)) & _DEEDS:
        return False
    uses = [node for node in find(function.body, Name) if node.id == param.name]
    return bool(uses) and all(any(isinstance(around, Throw) for around in ancestors(use)) for use in uses)


_ASKED: Final = frozenset({"get", "getStore", "current", "peek"})
"""Methods by which a holder is asked for what it holds now."""
_SOMEBODY: Final = PLUGINS | PRINCIPALS | word_set("caller client customer ip address sender peer guest host session")
"""Who may be charged by himself, whatever else a function is told."""
_DEEDS: Final = word_set(
    "action command method route path operation reason verb kind type what label event topic name message"
)
"""What is done, of which a refusal may speak."""


def _named(module: Module, key: Expr) -> Assign | None:
    """Return the assignment inside the function that names a key: there the tenant is left out."""
    key = strip(key)
    bound = module.scopes.lookup(key.id, key) if isinstance(key, Name) else []
    only = bound[0] if len(bound) == 1 else None
    return only if isinstance(only, Assign) and function_of(only) is function_of(key) else None


def _counts(value: Expr, node: Node) -> bool:
    value = strip(value)
    if isinstance(node, Assign) and node.op in ("+=", "-="):
        return True
    around = function_of(node)
    origin = around.module.scopes.origin(value) if around is not None and isinstance(value, Name) else None
    if isinstance(origin, Binary) and origin.op in ("+", "-"):
        return True
    if isinstance(value, Binary) and value.op in ("+", "-"):
        return True
    return isinstance(value, Index | Name | Call) and bool(_names(value) & (QUOTAS | {"bucket", "count", "next"}))

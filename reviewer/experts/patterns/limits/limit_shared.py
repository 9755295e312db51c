"""PAT019: one counter for all, where a limit is meant for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.remembered import remembered
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, Member, Name, Node, Unary, strip
from reviewer.code.walk import class_of, find, function_of, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.sharing import home
from reviewer.experts.patterns.vocabulary import PLUGINS, names_tenant, spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Param
    from reviewer.experts.check import Inquiry

QUOTAS: Final = word_set(
    "quota quotas used usage budget budgets tokens token limit limits limiter rate spent consumed bytes calls requests "
    "hits throttle allowance credits window remaining inflight"
)
"""What a counter behind a limit is called."""

RATIONS: Final = word_set("quota quotas budget limiter throttle allowance")
"""Words of a class or a function that counts for nothing else than a limit."""
_COUNTS: Final = frozenset({"count", "counter", "total", "size", "sent", "stamps", "timestamps", "times", "recent"})
"""What a counter is called that may count anything."""


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
def limit_shared(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
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
    if isinstance(node, Call) and node.name in ("append", "push") and node.receiver is not None:
        target = strip(node.receiver) if not _tells_who(function, node) else None  # moments, of which the newest count
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
    rations = bool({*spelled(function.name), *spelled(cls.name if cls is not None else "")} & RATIONS)
    return name if rations or set(spelled(name)) & (QUOTAS | _COUNTS) else ""


def _tells_who(function: Function, put: Call) -> bool:
    """Tell whether what is put on a list says whose it is: ``self.calls.append((tenant, now))``."""
    return bool(names_in(put.args) & {param.name for param in function.params})


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

"""PAT003: what was made for one tenant is kept for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.flow import conditions
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Expr, Function, Member, Name, Object, Param, Return, strip
from reviewer.code.walk import function_of, inside, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.patterns.feeds import Feed, feeds
from reviewer.experts.patterns.given_afterwards import given_afterwards
from reviewer.experts.patterns.memos import Memo, memos
from reviewer.experts.patterns.missing import keeps_instances, missing, unique_key
from reviewer.experts.patterns.sharing import home
from reviewer.experts.patterns.vocabulary import (
    PLUGINS,
    TENANTS,
    last_spelled,
    names_tenant,
    spelled,
)
from reviewer.experts.patterns.whom import is_served, teller, whom

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry


@module_check("PAT003", words=())
def tenant_instance_shared(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where an instance that was made for a tenant is kept under a key without the tenant, or under none."""
    if module.is_test:
        return
    said: set[int] = set()
    for memo in memos(inquiry, module):
        if id(memo.table or memo.key) in said or not keeps_instances(memo) or unique_key(module, memo):
            continue
        who = _tenant(inquiry, module, [*missing(module, memo), *given_afterwards(module, memo)]) or _left_out(
            module, memo
        )
        if (
            who is None
            or _of_one_object(memo, who)
            or _is_the_entry(module, memo, who)
            or not (memo.reads or _by_plugin(memo))
            or _says_so(memo)
        ):
            continue
        said.add(id(memo.table or memo.key))
        yield Match(
            _place(module, memo),
            f"'{short(memo.name)}' keeps under '{short(module.text_of(memo.key))}' alone what was made for one "
            f"'{short(who.spelled)}': the next tenant gets it, with the first one's context and data.",
            related=((memo.table.declared, "kept in this"),) if memo.table is not None else (),
        )
    yield from _singles(inquiry, module)


def _place(module: Module, memo: Memo) -> Node:
    """Return where the tenant is left out: the function that makes the key, or where an instance is first asked for."""
    made = memo.key_place()
    if function_of(made) is not memo.function:
        return made
    asked = memo.table.of("read", "has") if memo.table is not None else []
    spelled_so = module.text_of(memo.key)
    own = (one for one in asked if one.function is memo.function and one.key is not None)
    first = (one.node for one in own if one.key is not None and module.text_of(one.key) == spelled_so)
    told = [] if inside(memo.key, memo.node) else [memo.key]  # one["code"] == code
    return min([memo.node, *first, *told], key=lambda node: node.start)


def _tenant(inquiry: Inquiry, module: Module, found: list[Feed]) -> Feed | None:
    """Return what says for whom something was made: by its word, or because the file parts all that it keeps by it."""
    found = [feed for feed in found if not _is_no_tenant(feed)]
    named = next((feed for feed in found if names_tenant(teller(feed))), None)
    return named or next((feed for feed in found if is_served(inquiry, module, feed.name)), None)


def _of_one_object(memo: Memo, who: Feed) -> bool:
    """Tell whether the tenant is a field of the very object whose table keeps the instance: each tenant has its own."""
    return who.spelled.startswith(("this.", "self.")) and memo.table is not None and memo.table.owner is not None


def _is_the_entry(module: Module, memo: Memo, who: Feed) -> bool:
    """Tell whether a callback is handed an entry with its key, that names nothing else: ``(action, name) => …``."""
    key = module.scopes.origin(memo.key)
    function = key.parent if isinstance(key, Param) else None
    if not isinstance(function, Function) or not isinstance(function.parent, Call) or len(function.params) < 2:
        return False
    named = (who.root, key)
    return function.parent.callee is not function and {id(one) for one in function.params[:2]} == {*map(id, named)}


def _is_no_tenant(feed: Feed) -> bool:
    """Tell whether a name is of something that is set, or an address, whatever words of people it has."""
    if feed.spelled.startswith(("process.env", "os.environ", "import.meta")):
        return True
    said = spelled(feed.name)
    many = bool(said) and said[-1].endswith("s") and said[-1][:-1] in TENANTS  # how many there are, or all of them
    return many or bool(set(said) & _OF_SETTINGS)


def _by_plugin(memo: Memo) -> bool:
    """Tell whether the key names a plugin: a key of its own, such as a session's, may well stand for the tenant."""
    words = last_spelled(memo.key) | {w for name in names_in(memo.key) for w in spelled(name)}
    return bool(words & (PLUGINS | {"name", "slug", "key", "id", "kind", "type"})) and not words & {
        "session",
        "job",
        "run",
    }


_OF_SETTINGS = frozenset("config configuration conf options option opts settings setting params url uri href".split())
"""Words of what is set for a thing, and of addresses."""
_OF_ONE_REQUEST = frozenset("request req handler ctx session connection conn socket".split())
"""Parameters of a function whose variables live for one request."""
_KINDS = PLUGINS | {"name", "slug", "key", "id", "kind", "type"}


def _says_so(memo: Memo) -> bool:
    """Tell whether the entry carries its tenants, and whoever reads it can look."""
    value = strip(memo.value)
    return isinstance(value, Object) and any(names_tenant(key) or key == "tenants" for key in value.keys)


def _left_out(module: Module, memo: Memo) -> Feed | None:
    """A function that takes the tenant and does nothing at all with it when it files an instance."""
    value = strip(memo.value)
    if not isinstance(value, Name) or not isinstance(module.scopes.origin(value), Param):
        return None
    used = names_in(memo.function.body)
    for param in memo.function.params:
        if names_tenant(param.name) and param.name not in used:
            return Feed(param, param.name, ())
    return None


def _singles(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Variables and fields that are made once, with the tenant of whoever asks first."""
    said: set[tuple[int, str]] = set()
    for node in module.all(Assign):
        if node.value is None or node.op not in ("=", "??=", "||="):
            continue
        value = strip(node.value)
        if not isinstance(value, Call) or (node.declare and node.op == "="):
            continue
        function = function_of(node)
        if function is None or not _outlives(module, node, function):
            continue
        if node.op == "=" and not _only_once(module, node):
            continue
        asked = [feed for feed in feeds(module, value) if _of(feed, function) and not _is_no_tenant(feed)]
        who = _tenant(inquiry, module, asked) if is_this_member(node.target) else whom(asked)
        name = module.text_of(node.target)
        if (
            who is None
            or (id(function), name) in said
            or _of_one_holder(name, who)
            or not _given_out(module, function, name)
        ):
            continue
        said.add((id(function), name))
        yield Match(
            node,
            f"'{short(name)}' is made once, with the '{short(who.spelled)}' of whoever asks first: "
            "everybody else gets the same one.",
            confidence=None if _is_shared(node.target) else Confidence.LIKELY,
        )


def _of_one_holder(name: str, who: Feed) -> bool:
    """Tell whether both are members of one record in a field: what is made there belongs to what it is made of."""
    holder = name.rpartition(".")[0]
    return "." in holder and who.spelled.rpartition(".")[0] == holder


def _of(feed: Feed, function: Function) -> bool:
    """Tell whether something is given anew each time that a function runs."""
    if isinstance(feed.root, Param):
        return feed.root.parent is function and function.kind != "constructor"
    return feed.root != "this"


def _is_shared(target: Expr) -> bool:
    return isinstance(target, Name)


def _outlives(module: Module, node: Assign, function: Function) -> bool:
    """Tell whether what is assigned lives longer than the call."""
    target = node.target
    if isinstance(target, Member):
        return True
    if not isinstance(target, Name):
        return False
    lives = home(module, target.id, node)
    if lives is None or lives.scope is function:
        return False
    around = lives.scope.params if lives.scope is not None else []
    return not any(set(spelled(param.name)) & _OF_ONE_REQUEST for param in around)


def _only_once(module: Module, node: Assign) -> bool:
    """Tell whether an assignment runs only while there is nothing yet."""
    name = module.text_of(node.target)
    for condition in conditions(node):
        text = module.text_of(condition.test)
        if name not in text:
            continue
        nothing = text.strip() == name
        if (nothing and not condition.holds) or (condition.holds and _asks_for_nothing(text)):
            return True
        if not condition.holds and ("not None" in text or "!=" in text):
            return True
    return False


def _asks_for_nothing(text: str) -> bool:
    return any(part in text for part in ("is None", "== null", "=== null", "undefined", "=== None", "== None"))


def _given_out(module: Module, function: Function, name: str) -> bool:
    """Tell whether the function answers with what it has made."""
    return any(
        isinstance(node, Return) and node.value is not None and name in module.text_of(node.value)
        for node in walk(function.body, into_functions=False)
    )

"""PAT011: a memory of results that only grows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_stopper
from reviewer.code.flow import conditions
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    Member,
    Name,
    Node,
    Param,
    Template,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.walk import ancestors, class_of, find, function_of, inside, names_in, walk
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.asking import spelling
from reviewer.experts.patterns.caches.free_keys import is_asked_freely
from reviewer.experts.patterns.feeds import Feed, feeds
from reviewer.experts.patterns.filed import filed_in
from reviewer.experts.patterns.leading import composed
from reviewer.experts.patterns.memos import Memo, made_here, memos
from reviewer.experts.patterns.missing import answers, computed, keeps_instances
from reviewer.experts.patterns.vocabulary import PLUGINS, TENANTS, VERSIONS, spelled
from reviewer.experts.patterns.whom import is_served
from reviewer.experts.place import locate
from reviewer.experts.told_only import is_weighed

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_MOST: Final = 200
"""Collections that are looked at in one file."""
RECORDS: Final = word_set(
    "log logs history records events audit trail errors failures traces samples durations latencies timings journal "
    "entries messages notifications measurements activity breadcrumbs seen calls"
)
_LASTING: Final = word_set(
    "host manager monitor registry bus service server audit auditor auditlog log logger trail metrics tracker store "
    "recorder history collector hub kernel broker journal telemetry runtime supervisor dispatcher system platform"
)
"""What is made once in a host and lives as long."""
QUEUES: Final = word_set("queue pending buffer inbox outbox stack batch jobs backlog")
_FEW: Final = PLUGINS | VERSIONS | word_set("this kind type locale lang language level")
_CLOSED: Final = word_set(
    "currency country unit units format theme mode status state size colour color icon code event topic channel "
    "command role day month year quarter category group section tab provider source model symbol"
)
"""Words of keys of which there is a handful."""
_NAMES: Final = word_set("id name key ref handle label title rule action")
"""Keys by which a host knows things that it has."""
_MANY: Final = word_set(
    "args arguments params query search text url uri options filter payload input expression template "
    "from to range start end date day user userid session sessionid request req message email hash digest body page "
    "cursor term"
)


_WALKS: Final = frozenset({"list", "tuple", "sorted", "from"})
"""Calls that only list the keys of what they are given."""
_OF_THE_PROGRAM: Final = word_set("args arguments params options filter payload input expression template hash digest")
"""Those of them that the program itself makes up as often as somebody outside does."""
_FILES: Final = word_set("path file filename dir directory folder module pkg package cls class specifier")
"""Words of keys that name what lies on a disk, or stands in the program."""
_FREE: Final = word_set("search query suggest autocomplete")
"""Words of functions that are asked with whatever a person types."""


@module_check("PAT011", words=())
def cache_unbounded(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where results or records are added for ever to something that lives as long as the process."""
    if module.is_test:
        return
    said: set[int] = set()
    for memo in memos(inquiry, module):
        table = memo.table or filed_in(module, memo.node)
        if table is None or id(table) in said or not memo.reads or keeps_instances(memo) or _is_short_lived(memo):
            continue
        home = table.owner.module if table.owner is not None else module
        if _bounded(home, table, inquiry.subject.kind, memo):
            continue
        many = _many_keys(module, memo) or is_asked_freely(module, memo)
        if (
            not computed(memo)
            or not answers(module, memo)
            or not (many or _of_things(module, memo, inquiry.subject.kind))
            or _of_one_guest(inquiry, module, memo)
        ):
            continue
        sure = many or inquiry.subject.kind == "plugin"
        sure = sure and not _of_the_program(module, memo) and not _of_files(module, memo)
        said.add(id(table))
        put = next((access.node for access in table.of("write") if memo.table is None), memo.node)
        yield Match(
            put if home is module else locate(home, put),
            f"'{table.name}' keeps a result for every '{short(module.text_of(memo.key))}' that was ever asked for, and "
            "nothing takes one out: it grows as long as the host runs.",
            related=((table.declared if home is module else locate(home, table.declared), "what is kept lives here"),),
            confidence=None if sure else Confidence.POSSIBLE,
        )
    for table in tables(module)[:_MOST]:
        yield from _records(module, table, inquiry.subject.kind)


def _is_short_lived(memo: Memo) -> bool:
    """Tell whether a table is a variable of the function that fills it, or of what is made for a request."""
    home = memo.table.scope if memo.table is not None else None
    told = {word for param in home.params for word in spelled(param.name)} if home is not None else set()
    return home is not None and (home is memo.function or bool(told & {"req", "request"}))


def _many_keys(module: Module, memo: Memo) -> bool:
    """Tell whether callers can ask under any number of keys, and not only once for each plugin."""
    key = strip(memo.key)
    made = getattr(made_here(module, key), "value", None) or key
    asked = [feed for feed in feeds(module, key) if isinstance(feed.root, Param)]
    names = {word for feed in asked for name in (feed.local, *feed.path) for word in spelled(name)}
    if names & _MANY or (asked and set(spelled(memo.function.name)) & _FREE):
        return True
    parts = 0
    if isinstance(made, Template):
        parts = len(made.holes)
    elif isinstance(made, Array):
        parts = len(made.items)
    elif isinstance(made, Binary):
        parts = len({(id(feed.root), feed.local, feed.path) for feed in asked})
    elif isinstance(made, Call) and made.args:
        first = strip(made.args[0])
        parts = len(first.items) if isinstance(first, Array) else 2 if made.name in ("stringify", "dumps") else 1
    elif isinstance(made, Call):  # sha256(dumps([prompt, settings])).hexdigest()
        parts = len({(id(feed.root), feed.local, feed.path) for feed in asked})
    if asked and all(not _CLOSED.isdisjoint(spelled(feed.name)) for feed in asked):
        return False  # (country, year)
    return parts > 1 and (bool(names - _FEW - TENANTS - {"id", "name"}) or _one_part_bounded(module, memo, asked))


def _of_one_guest(inquiry: Inquiry, module: Module, memo: Memo) -> bool:
    """Tell whether a key only says for whom, and which plugin: of these the host knows how many there are."""
    asked = {feed for feed in feeds(module, strip(memo.key)) if isinstance(feed.root, Param)}
    whose = {feed for feed in asked if is_served(inquiry, module, feed.name)}
    return bool(whose) and all(
        set(spelled(feed.name)) & (_FEW | _NAMES | {"slug"})
        or any(composed(module, one.name, feed.name) > 1 for one in whose)
        for feed in asked - whose
    )


def _of_the_program(module: Module, memo: Memo) -> bool:
    """Tell whether what is asked under is what a helper of the program is called with, whatever that is."""
    key = strip(memo.key)
    asked = [feed for feed in feeds(module, key) if isinstance(feed.root, Param)]
    names = {word for feed in asked for name in (feed.local, *feed.path) for word in spelled(name)}
    beside = names - _FEW - TENANTS - _CLOSED - _NAMES - _OF_THE_PROGRAM
    if not names.isdisjoint(TENANTS):
        return False  # one of several asks, and not the program
    of_content = any(set(spelled(feed.name)) & {"digest", "hash"} and feed.path for feed in asked)
    kept_long = memo.table is not None and memo.table.owner is not None
    if beside and of_content and kept_long and len({(feed.local, feed.path) for feed in asked}) > 1:
        return False  # the digest of a job and the number of a page
    return bool(names & _OF_THE_PROGRAM) and not names & (_MANY - _OF_THE_PROGRAM)


def _of_files(module: Module, memo: Memo) -> bool:
    """Tell whether what is asked about are files, folders or packages, of which a machine has as many as it has."""
    asked = [feed for feed in feeds(module, strip(memo.key)) if isinstance(feed.root, Param)]
    names = {word for feed in asked for name in (feed.local, *feed.path) for word in spelled(name)}
    return bool(names & _FILES) and names.isdisjoint(_MANY - _OF_THE_PROGRAM - {"from", "to"} | TENANTS)


def _one_part_bounded(module: Module, memo: Memo, asked: list[Feed]) -> bool:
    """Tell whether the function holds one part of the key against a list of what there is, and another against none."""
    held = {
        module.text_of(arg)
        for call in find(memo.function.body, Call)
        if call.name in ("has", "includes") and isinstance(call.receiver, Name) and call.receiver.id.isupper()
        for arg in call.args
    }
    held |= {
        module.text_of(test.left)
        for test in find(memo.function.body, Binary)
        if test.op == "in" and isinstance(test.right, Name) and test.right.id.isupper()
    }
    told = {feed.local for feed in asked if not feed.path and isinstance(feed.root, Param) and feed.root.type in _TEXTS}
    return bool(told & held) and bool(told - held)


_TEXTS: Final = frozenset({"", "string", "str"})


def _of_things(module: Module, memo: Memo, kind: str) -> bool:
    """Tell whether what was waited for is kept under the name of each thing that was asked about.

    Of a host, which has many tables by the ids of what it knows, only the text itself that a caller asks with counts.
    """
    asked = [feed for feed in feeds(module, strip(memo.key)) if isinstance(feed.root, Param)]
    names = {word for feed in asked for name in (feed.local, *feed.path) for word in spelled(name)}
    if not memo.function.asynchronous or not names or names & (_FEW | TENANTS | _CLOSED):
        return False
    return kind == "plugin" or (not names <= _NAMES and not any(feed.path for feed in asked))


def _bounded(module: Module, table: Table, kind: str, memo: Memo | None = None) -> bool:
    """Tell whether something takes entries out, counts them, or starts anew."""
    ends = [access for access in table.of("delete", "clear") if memo is None or not _replaces(module, access, memo)]
    if any(not _leaves_the_rest(access, kind) for access in ends):
        return True
    declared = getattr(table.declared, "value", None)
    made = strip(declared) if declared is not None else None
    if isinstance(made, Call) and made.name in ("WeakMap", "WeakSet", "WeakValueDictionary", "deque"):
        return True
    made_again = module.scopes.fields(table.owner).get(table.name, ()) if table.owner is not None else ()
    if len([one for one in made_again if not _at_the_end(one, kind)]) > 1:
        return True
    scope: Node | None = table.owner
    start = walk(scope) if scope is not None else iter(module.all_nodes)
    return any(_looks_after(module, node, table) and not _at_the_end(node, kind) for node in start)


def _leaves_the_rest(access: Access, kind: str) -> bool:
    """Tell whether what takes entries out is no bound: the end of a plugin, or a walk for those of one thing."""
    return _at_the_end(access.node, kind) if access.how == "clear" else _of_one(access.node)


def _replaces(module: Module, access: Access, memo: Memo) -> bool:
    """Tell whether what is taken out is the entry that was asked for: where making it failed, or before it is renewed.

    So the table holds one for every key that was ever asked for, all the same.
    """
    if access.how != "delete" or access.key is None or not inside(access.node, memo.function):
        return False
    if spelling(module, access.key) != spelling(module, memo.key):
        return False
    around = access.function.parent if access.function is not None else None
    refused = isinstance(around, Call) and around.name == "catch" and any(arg is access.function for arg in around.args)
    return refused or access.function is memo.function


def _at_the_end(node: Node, kind: str) -> bool:
    """Tell whether something is done when a plugin is put to rest, as it may be once in the life of a host."""
    function = function_of(node)
    return kind == "plugin" and function is not None and is_stopper(function.name)


def _of_one(node: Node) -> bool:
    """Tell whether a node stands in a walk that asks of each key whether it is one of what the function is told."""
    function = function_of(node)
    told = {param.name for param in function.params} if function is not None else set()
    for around in ancestors(node):
        if around is function:
            return False
        if isinstance(around, For) and around.iterable is not None:
            names = names_in(around.target) if around.target is not None else set()
            asked = [(one.test, one.holds) for one in conditions(node)]
            for part in find(around.iterable, Comprehension):
                asked += [(test, True) for test in part.tests]
                names |= {name for target, _iterable in part.clauses for name in names_in(target)}
            return any(_picks(test, holds, names, told, function) for test, holds in asked)
    return False


def _picks(test: Expr, holds: bool, names: set[str], told: set[str], function: Function | None) -> bool:
    """Tell whether a test holds a key against what the function was told: ``key[0] == number``."""
    for one in find(test, Expr):
        if isinstance(one, Binary) and one.op == ("==" if holds else "!="):
            sides = (one.left, one.right)
        elif holds and isinstance(one, Call) and one.name in ("startsWith", "startswith") and one.receiver and one.args:
            sides = (one.receiver, one.args[0])
        else:
            continue
        asked, held = (names_in(side) for side in sides)
        if (asked & names and _told(held, told, function)) or (held & names and _told(asked, told, function)):
            return True
    return False


def _told(held: set[str], told: set[str], function: Function | None) -> bool:
    """Tell whether names are parameters, or locals that are made of these."""
    if held & told:
        return True
    made = find(function.body, Assign, into_functions=False) if function is not None else iter(())
    return any(
        isinstance(one.target, Name) and one.target.id in held and one.value is not None and names_in(one.value) & told
        for one in made
    )


def _looks_after(module: Module, node: Node, table: Table) -> bool:
    """Tell whether a node counts what a table holds, replaces it, or hands it to something that may."""
    if isinstance(node, Member):
        return node.name in ("size", "length") and _is(module, node.object, table) and is_weighed(node)
    if isinstance(node, Assign):
        again = node is not table.declared and table.owner is None and function_of(node) is not None
        return again and _is(module, node.target, table)
    if isinstance(node, Call):
        counts = node.name in ("popitem", "prune", "evict", "trim", "keys") and node.receiver is not None
        if counts and node.receiver is not None and _is(module, node.receiver, table):
            return node.name != "keys" or not _walked_for_one(node)
        told = node.name == "len" and not is_weighed(node)
        return not told and node.name not in _WALKS and any(_is(module, arg, table) for arg in node.args)
    return False


def _walked_for_one(keys: Call) -> bool:
    """Tell whether keys are only walked to take out those of one thing."""
    loop = next((around for around in ancestors(keys) if isinstance(around, For)), None)
    return loop is not None and any(_of_one(node) for node in find(loop.body, Call))


def _is(module: Module, expr: Node, table: Table) -> bool:
    if isinstance(expr, Member) and isinstance(expr.object, Name) and expr.object.id == "this":
        return table.owner is not None and expr.name == table.name and class_of(expr) is table.owner
    return isinstance(expr, Name) and table.owner is None and expr.id == table.name


def _records(module: Module, table: Table, kind: str) -> Iterator[Match]:
    """Lists of what has happened, to which each call adds."""
    words = set(spelled(table.name))
    if table.kind != "list" or not words & RECORDS or words & QUEUES or not _lives_long(table):
        return
    if _bounded(module, table, kind):
        return
    for access in table.of("write"):
        function = access.function
        if function is None or function.kind == "constructor" or function.name == "__init__" or _assigned(access.node):
            continue
        yield Match(
            access.node,
            f"'{table.name}' gets one more entry at each call and never loses one: it grows as long as the host runs.",
            related=((table.declared, "kept in this"),),
            severity=Severity.LOW,
        )
        return


def _lives_long(table: Table) -> bool:
    """Tell whether the owner of a table is something that a host has one of."""
    return table.owner is not None and bool(set(spelled(table.owner.name)) & _LASTING)


def _assigned(node: Node) -> bool:
    return isinstance(node, Binary)

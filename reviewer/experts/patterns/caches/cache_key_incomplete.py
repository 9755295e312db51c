"""PAT002: a result is kept under a key that leaves out a part of the question."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.contexts import is_context_name
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
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
    Object,
    Param,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.walk import ancestors, find, inside, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name
from reviewer.experts.patterns.caches.beside_the_key import asked_beside, asked_together
from reviewer.experts.patterns.feeds import Feed, feeds
from reviewer.experts.patterns.memos import Memo, memos
from reviewer.experts.patterns.missing import answers, computed, keeps_instances, maker, missing, unique_key
from reviewer.experts.patterns.vocabulary import ARGUMENTS, CACHES, SERVICES, VERSIONS, last_spelled, spelled
from reviewer.experts.patterns.whom import whom_here

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("PAT002", words=())
def cache_key_incomplete(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where an argument or the version goes into a kept result and not into its key."""
    if module.is_test:
        return
    said: set[int] = set()
    for memo in memos(inquiry, module):
        if not memo.reads or not answers(module, memo) or id(memo.key) in said or not computed(memo):
            continue
        if _is_the_one(memo) or _is_one_of_a_kind(memo):
            continue
        unique = unique_key(module, memo)
        if unique and not last_spelled(memo.key) & _SHARED_BY_MANY and not _of_versions(memo):
            continue
        left = missing(module, memo)
        if whom_here(inquiry, module, left) is not None:
            continue
        key = feeds(module, memo.key, memo.holder)
        part = _part(module, memo, left, key)
        if part is None or _is_held_against(module, memo, part) or _is_the_same(module, memo, part):
            continue
        said.add(id(memo.key))
        if unique and _PARTS.isdisjoint(spelled(part.name)):
            continue
        sure = not _PARTS.isdisjoint(spelled(part.name)) or part.name in _NAMED or _is_asked(part) or _is_choice(part)
        which = _HOW.isdisjoint(spelled(part.name)) and asked_together(memo, part, key)
        sure = sure or which or asked_beside(memo, part, key) or _chooses(memo, part)
        if (not sure and _keeps_something_open(memo)) or _known_by_the_key(module, memo) or _renews(module, memo):
            continue
        if _is_kept_up(memo):
            continue
        yield Match(
            memo.key_place(),
            f"The result kept in '{short(memo.name)}' depends on '{short(part.spelled)}', which is no part of the key "
            f"'{short(module.text_of(memo.key))}': another value is answered with the old result.",
            related=((memo.node, "kept here"),),
            confidence=None if sure else Confidence.POSSIBLE,
        )


_PARTS = ARGUMENTS | VERSIONS
_NAMED = frozenset({"kwargs", "kwds", "kw"})
"""What a wrapper is given by name, and hands on."""
_SHARED_BY_MANY = frozenset({"path", "file", "filename", "url", "uri", "href"})
"""Keys that are the same whoever asks, while what is asked of the thing may differ."""
_GOES_ON = frozenset({"watch", "timeout", "interval", "listen", "subscribe", "open", "connect", "spawn", "then"})
"""Words of a call that gives something which goes on."""
_CHOICES = frozenset("style styles options opts settings prefs preferences params preset choices query filter".split())
"""Words of a parameter whose members say how the answer is to be."""
_DOES = frozenset("on fetch fetcher callback handler hook fn client agent cache root cwd dir folder host base".split())
"""Words of a member that does something, or that is the same for all that are asked."""
_PLAIN = frozenset({"number", "string", "boolean", "bigint", "int", "str", "float", "bool", "Date", "date", "datetime"})
_HOW = frozenset(
    "timeout deadline retries retry signal force refresh log trace debug ttl priority now age attempts delay".split()
)
"""Parts of names that say how a result is got, and not which one."""


def _is_the_same(module: Module, memo: Memo, part: Feed) -> bool:
    """Tell whether a caller may bring what else would be made of the key: ``page or self.page_at(path)``."""
    key = names_in(memo.key)
    return any(
        one.op in ("or", "??")
        and isinstance(given := strip(one.left), Name)
        and given.id == part.name
        and bool(key & names_in(one.right))
        for one in find(memo.function.body, Binary)
    )


def _of_versions(memo: Memo) -> bool:
    """Tell whether a version is asked for beside an id, which is then that of many: ``get(id, version)``."""
    return any(not VERSIONS.isdisjoint(spelled(param.name)) for param in memo.function.params)


def _is_the_one(memo: Memo) -> bool:
    """Tell whether a class of classes keeps the one object of each, whatever it is called with later.

    ``if cls not in cls._objects: cls._objects[cls] = super().__call__(*args)``
    """
    names = {call.name for call in find(memo.function.body, Call)}
    return memo.function.name in ("__call__", "__new__") and {"super", memo.function.name} <= names


def _is_one_of_a_kind(memo: Memo) -> bool:
    """Tell whether the things themselves are kept, of which there is one for each name, and no answers about them."""
    named = spelled(memo.table.name) if memo.table is not None else tuple(last_spelled(memo.holder))
    made = maker(memo)
    thing = made is not None and isinstance(made.callee, Name) and made.name[:1].isupper()
    return (thing or keeps_instances(memo)) and CACHES.isdisjoint(named)


def _keeps_something_open(memo: Memo) -> bool:
    """Tell whether what is kept is no answer, but a watcher, a timer or another thing that goes on."""
    made = maker(memo)
    return keeps_instances(memo) or (made is not None and bool(last_spelled(made.callee) & _GOES_ON))


def _is_kept_up(memo: Memo) -> bool:
    """Tell whether what is taken out is changed: a record that its owner keeps up, and no answer to a question."""
    names = {
        target.id
        for one in find(memo.function.body, Assign)
        if isinstance(target := strip(one.target), Name) and one.value is not None and inside(memo.node, one.value)
    }
    for node in walk(memo.function.body):
        if isinstance(node, Assign):
            changed: Expr | None = strip(node.target)
        else:
            changed = strip(node.receiver) if isinstance(node, Call) and node.name in _ADDS and node.receiver else None
        if isinstance(changed, Member) and isinstance(held := strip(changed.object), Name) and held.id in names:
            return True
    return False


_ADDS = frozenset("append push add extend update insert unshift setdefault".split())


def _renews(module: Module, memo: Memo) -> bool:
    """Tell whether what is put in is what was there, changed: ``held.set(who, held.get(who).filter(fits))``.

    So it is where that is handed to what makes the new one: ``held[who] = replace(held[who], **changes)``.
    """
    made = maker(memo)
    value = module.scopes.origin(memo.value)
    used = [made.receiver, *made.args] if made is not None else value.spreads if isinstance(value, Object) else []
    before = [module.scopes.origin(one) for one in used if one is not None]
    key = module.text_of(memo.key)
    if memo.table is not None and any(_looks_up(memo, one, key) for one in before if isinstance(one, Call)):
        return True
    return memo.table is not None and any(
        any(access.node is part for one in before if isinstance(one, Expr) for part in walk(one))
        and access.key is not None
        and module.text_of(access.key) == key
        for access in memo.table.of("read")
    )


def _looks_up(memo: Memo, call: Call, key: str) -> bool:
    """Tell whether a helper is asked for what stands under the same key: ``replace(self.look(key), taker=who)``."""
    module = memo.function.module
    helper = definition(module, call.callee)
    if not isinstance(helper, Function) or memo.table is None or key not in map(module.text_of, call.args):
        return False
    return any(access.function is helper for access in memo.table.of("read"))


def _known_by_the_key(module: Module, memo: Memo) -> bool:
    """Tell whether what is kept is only work under way, for something of which there is one for each key anyway."""
    ends = memo.table.of("delete") if memo.table is not None else []
    if not any(isinstance(around, Call) and around.name == "finally" for end in ends for around in ancestors(end.node)):
        return False
    key = module.text_of(memo.key)
    made = module.scopes.origin(memo.value)
    begun = [definition(module, call.callee) for call in find(made, Call)] if isinstance(made, Expr) else []
    asking = [memo.function, *begun]
    return any(
        any(access.function is one for one in asking) and access.key is not None and module.text_of(access.key) == key
        for table in tables(module)
        if table is not memo.table
        for access in table.of("has", "read")
    )


def _is_held_against(module: Module, memo: Memo, part: Feed) -> bool:
    """Tell whether what is kept says what it was made for, and answers nothing else: ``kept.version === version``."""
    for test in find(memo.function.body, Binary):
        for side, asked in ((test.left, test.right), (test.right, test.left)):
            kept = strip(side)
            if test.op not in ("==", "!=") or not isinstance(kept, Member) or kept.name != part.name:
                continue
            holder = module.scopes.origin(kept.object)
            if not isinstance(holder, Param) and last_name(asked) == part.name and not _is_one_of_many(kept.object):
                return True
    return False


def _is_one_of_many(holder: Expr) -> bool:
    """Tell whether something is each of those that are gone through, of which the fitting ones make the answer."""
    held = strip(holder)
    if not isinstance(held, Name):
        return False
    for around in ancestors(held):
        clauses = around.clauses if isinstance(around, Comprehension) else ()
        if any(held.id in names_in(target) for target, _over in clauses):
            return True
        if isinstance(around, For) and around.target is not None and held.id in names_in(around.target):
            return True
    return False


def _is_asked(part: Feed) -> bool:
    """Tell whether what is missing is a plain value that the function was given: it is part of the question."""
    root = part.root
    return isinstance(root, Param) and root.type.strip() in _PLAIN and _HOW.isdisjoint(spelled(part.name))


def _is_choice(part: Feed) -> bool:
    """Tell whether what is missing is one of the choices that somebody made for the answer: ``style.maxChars``."""
    return (
        bool(part.path)
        and isinstance(part.root, Param)
        and not _CHOICES.isdisjoint(spelled(part.local))
        and _HOW.isdisjoint(spelled(part.name))
        and _DOES.isdisjoint(spelled(part.name))
    )


def _chooses(memo: Memo, part: Feed) -> bool:
    """Tell whether what is missing is held against what the answer is chosen from: ``rule.verb === verb``."""
    for test in find(memo.function.body, Binary):
        if test.op not in ("==", "!="):
            continue
        for side, other in ((test.left, test.right), (test.right, test.left)):
            asked, held = strip(side), strip(other)
            if isinstance(asked, Name) and asked.id == part.local and not part.path and isinstance(held, Member):
                return isinstance(part.root, Param) and _HOW.isdisjoint(spelled(part.name))
    return False


def _part(module: Module, memo: Memo, left: list[Feed], key: dict[Feed, Node]) -> Feed | None:
    """Return the part of the question that is missing: what surely is one first."""
    found = []
    for feed in left:
        if not isinstance(feed.root, Param) or feed.root.parent is not memo.function or not key:
            continue
        names = set(spelled(feed.name)) | set(spelled(feed.local))
        if not names or names & SERVICES or is_context_name(feed.local) or _serves(memo, feed):
            continue
        same = any(other.root is feed.root and other.local == feed.local for other in key)
        beside = _HOW.isdisjoint(names) and asked_beside(memo, feed, key)
        if same and VERSIONS.isdisjoint(spelled(feed.name)) and not beside:
            continue  # the object is told apart by another member of it
        found.append(feed)
    return next((f for f in found if not _PARTS.isdisjoint(spelled(f.name))), found[0] if found else None)


def _serves(memo: Memo, feed: Feed) -> bool:
    """Tell whether a parameter is called, or its methods are: it does the work and is not what is asked."""
    for node in walk(memo.function.body):
        if not isinstance(node, Call):
            continue
        callee = node.callee
        if isinstance(callee, Name) and callee.id == feed.local:
            return True
        if isinstance(callee, Member) and isinstance(callee.object, Name) and callee.object.id == feed.local:
            return callee.name not in _OF_VALUES
    return False


_OF_VALUES = frozenset(
    "toString map filter join trim toLowerCase slice split get items lower strip sort entries keys".split()
)
"""Methods of plain values, which serve nobody."""

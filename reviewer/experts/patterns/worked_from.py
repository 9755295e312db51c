"""What a kept result was worked out from, what changes that, and who empties what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import exits
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Delete,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Template,
    Try,
    Unary,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.ideas import GRANTS, RIGHTS
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, inside, walk
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.changes import CHANGING, changed_root
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.memos import Memo, memos
from reviewer.experts.patterns.missing import answers, computed, keeps_instances, maker
from reviewer.experts.patterns.vocabulary import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_MOST: Final = 12
"""Functions of one home that a question is followed into."""
_REPLACES: Final = word_set(
    "replace write save store persist update install remove write_text write_bytes writeFile writeFileSync unlink rm "
    "revoke grant deny allow"
)
"""Methods of a collaborator, and functions of the file system, by which what is stored becomes another."""
FIRST: Final = frozenset(
    {"constructor", "__init__", "__post_init__", "load", "init", "initialize", "initialise", "setup"}
)
"""Functions that run before anything is kept."""


class Change(Struct, frozen=True):
    """A place where a function changes ``what``: a field, or a variable that functions share.

    ``how`` tells operations apart: two functions that change the same thing in the same way change the same part of it.
    """

    node: Node
    what: str
    how: str


class House:
    """The functions that share one table: the methods of its class, or the functions beside which it is declared."""

    def __init__(self, module: Module, table: Table) -> None:
        self.module = module
        self.table = table
        self._methods = table.owner is not None
        if table.owner is not None:
            self.members = [method for method in table.owner.methods if not method.signature_only]
        else:
            self.members = [one for one in module.functions if one.outer is table.scope and one.owner is None]
        self._named = {one.name: one for one in self.members if one.name}
        self._shared = frozenset(module.scopes.table(table.scope)) - self._named.keys() if not self._methods else None
        self._changes: dict[int, list[Change]] = {}
        self._reach: dict[int, list[Function]] = {}

    def name(self, node: Node | None) -> str:
        """Return the name of the field or the shared variable that a node is, or nothing."""
        if self._shared is None:
            return node.name if isinstance(node, Member) and is_this_member(node) else ""
        return node.id if isinstance(node, Name) and node.id in self._shared else ""

    def member(self, call: Call) -> Function | None:
        """Return the function of this house that a call runs."""
        found = self._named.get(call.name)
        own = call.receiver is None or (isinstance(call.receiver, Name) and call.receiver.id == "this")
        return found if own and (not self._methods or call.receiver is not None) else None

    def called(self, function: Function) -> list[Function]:
        """Return a function and those of the house that it runs, directly or through others."""
        if id(function) not in self._reach:
            found = [function]
            for current in found:
                for call in find(current.body, Call):
                    other = self.member(call)
                    if other is not None and all(other is not one for one in found) and len(found) < _MOST:
                        found.append(other)
            self._reach[id(function)] = found
        return self._reach[id(function)]

    def helpers(self) -> set[int]:
        """Return the ids of the functions that others of the house run: whoever runs them answers for what they do."""
        return {
            id(other)
            for function in self.members
            for call in find(function.body, Call)
            if (other := self.member(call)) is not None and other is not function
        }

    def read(self, expr: Node, function: Function) -> set[str]:
        """Return what an expression is made of: fields and shared variables, through locals and own functions."""
        found: set[str] = set()
        pending: list[Node] = [expr]
        seen: set[int] = set()
        while pending and len(seen) < _MOST * 4:
            current = pending.pop()
            if id(current) in seen:
                continue
            seen.add(id(current))
            for node in walk(current):
                found.add(self.name(node))
                if isinstance(node, Call):
                    other = self.member(node)
                    if other is not None:
                        pending += other.body
                elif isinstance(node, Name):
                    pending += _local_values(self.module, node, function)
        return found - {""}

    def changes(self, function: Function) -> list[Change]:
        """Return what a function changes, with the place in it; what it has done by others counts at the call."""
        if id(function) not in self._changes:
            self._changes[id(function)] = []  # a function that runs itself
            self._changes[id(function)] = list(self._changed(function))
        return self._changes[id(function)]

    def _changed(self, function: Function) -> Iterator[Change]:
        for node in walk(function.body):
            if isinstance(node, Assign) and not node.declare:
                yield from self._of_target(node, node.target)
            elif isinstance(node, Unary) and node.op in ("++", "--", "delete"):
                yield from self._of_target(node, node.operand)
            elif isinstance(node, Delete):
                for target in node.targets:
                    yield from self._of_target(node, target)
            elif isinstance(node, Call):
                yield from self._by_call(node, function)

    def _of_target(self, node: Node, target: Expr) -> Iterator[Change]:
        """Yield the change of what is assigned or deleted; a member of an entry is told from its other members."""
        root, target = self._root(target), strip(target)
        part = target.name if isinstance(target, Member) and not self.name(target) else "value"
        if root:
            yield Change(node, root, f"its {part}")

    def _by_call(self, call: Call, function: Function) -> Iterator[Change]:
        other = self.member(call)
        if other is not None:
            if other is not function:
                for change in self.changes(other):  # a part that a helper marks in passing says nothing of its callers
                    if not change.how.startswith("its ") or change.how == "its value":
                        yield Change(call, change.what, f"{other.name}: {change.how}")
            return
        if call.name not in CHANGING | _REPLACES:
            return
        receiver = call.receiver
        root = self._root(receiver) if receiver is not None else ""
        said = ",".join(str(arg.value) for arg in call.args[:2] if isinstance(arg, Literal))
        if root:
            yield Change(call, root, "its value" if self._is_table(root) else f"{call.name} {said}")
        elif call.name in _REPLACES:
            for part in (receiver, *call.args[:2]):
                for name in self.read(part, function) if isinstance(part, Call | Binary | Template) else ():
                    yield Change(call, name, call.name)

    def _is_table(self, name: str) -> bool:
        table = self.table
        return any(t.name == name and t.owner is table.owner and t.scope is table.scope for t in tables(self.module))

    def _root(self, target: Node) -> str:
        """Return the field or variable that holds what is changed: ``this.granted`` of ``this.granted.get(id).x``."""
        node: Node | None = target
        while node is not None:
            node = strip(node) if isinstance(node, Member | Index | Call | Name) else node
            name = self.name(node)
            if name:
                return name
            if isinstance(node, Call):
                node = node.receiver if self.member(node) is None else None
            else:
                node = node.object if isinstance(node, Member | Index) else None
        return ""

    def touches(self, memo: Memo, function: Function) -> bool:
        """Tell whether a function looks after what is kept: it names the table, or changes what it took out of it."""
        for one in self.called(function):
            if one is memo.function:
                continue
            for node in walk(one.body):
                if self.name(node) == self.table.name:
                    return True
                if isinstance(node, Call) and node.name in CHANGING and self._taken(memo, node.receiver, one):
                    return True
                inner = (
                    node.target.object if isinstance(node, Assign) and isinstance(node.target, Index | Member) else None
                )
                if self._taken(memo, inner, one):
                    return True
        return False

    def only_adds(self, function: Function, change: Change) -> bool:
        """Tell whether a change puts in only what was not there: before it, the function leaves where it is there."""
        return any(
            exits(look.body) and look.start < change.node.start and self._asks_whether_there(look.test, change.what)
            for look in find(function.body, If, into_functions=False)
        )

    def _asks_whether_there(self, test: Expr, what: str) -> bool:
        if any(self._root(one.callee) == what for one in calls_in(test) if one.name in ("has", "get")):
            return True
        return any(one.op == "in" and self._root(one.right) == what for one in find(test, Binary))

    def _taken(self, memo: Memo, holder: Expr | None, function: Function) -> bool:
        if holder is None:
            return False
        values = [holder, *_local_values(self.module, holder, function)]
        return any(isinstance(call := strip(one), Call) and self.member(call) is memo.function for one in values)


def _local_values(module: Module, name: Node, function: Function) -> list[Expr]:
    """Return what the variable of a function that a name means is given."""
    if not isinstance(name, Name) or name.id == "this":
        return []
    inside = module.scopes.table(function).get(name.id, ())
    return [one.value for one in inside if isinstance(one, Assign) and one.value is not None]


def compared_when_read(memo: Memo) -> bool:
    """Tell whether what is kept is held against something before it is the answer: ``entry.until > now()``."""
    module, holder = memo.function.module, memo.table.name if memo.table is not None else memo.name
    kept: set[str] = set()
    for assign in find(memo.function.body, Assign):
        if isinstance(assign.target, Name) and assign.value is not None and _speaks(assign.value, holder):
            kept.add(assign.target.id)
    for test in find(memo.function.body, Binary):
        if test.op not in ("==", "!=", "<", ">", "<=", ">="):
            continue
        sides = (test.left, test.right)
        nothing = any(isinstance(s, Literal) or (isinstance(s, Name) and s.id == "undefined") for s in sides)
        if not nothing and any(
            isinstance(part, Name) and part.id in kept and part.parent is not test
            for side in sides
            for part in walk(side)
        ):
            return True
    counted = {feed.path[0] for feed in feeds(module, memo.key) if feed.root == "this" and feed.path}
    owner = memo.table.owner if memo.table is not None and counted else None
    return owner is not None and any(  # a number that goes up is part of the key
        isinstance(root := changed_root(node), Member) and root.name in counted
        for method in owner.methods
        if method.name not in FIRST and method.kind != "constructor"
        for node in walk(method.body)
        if isinstance(node, Assign | Unary)
    )


def _speaks(value: Expr, holder: str) -> bool:
    return any((node.name if isinstance(node, Member) else getattr(node, "id", "")) == holder for node in walk(value))


class Stale(Struct, frozen=True):
    """A function that changes what results were worked out from and leaves the results where they are."""

    memo: Memo
    function: Function
    place: Node
    witness: Node
    """Where somebody, or this function itself, shows that such a change has to empty something."""


_ENDS_ALL: Final = word_set("clear reset close dispose stop shutdown destroy teardown deactivate")
"""First words of a function that empties everything, whatever was changed."""
_OF_RIGHTS: Final = (
    GRANTS
    | (RIGHTS - {"ability", "abilities", "capability", "capabilities"})
    | word_set("policy policies acl acls allows allowed permits permitted authorize authorise revoke revoked")
)


def about_rights(stale: Stale) -> bool:
    """Tell whether what is kept says what somebody may do."""
    owner = stale.memo.table.owner if stale.memo.table is not None else None
    names = (stale.memo.name, stale.memo.function.name, stale.function.name, owner.name if owner is not None else "")
    return any(set(spelled(name)) & _OF_RIGHTS for name in names)


def stale_results(inquiry: Inquiry, module: Module) -> tuple[Stale, ...]:
    """Return, for each table of results, the function that leaves them where they are; worked out once."""
    return module.once("patterns.stale_results", lambda: tuple(_stale(inquiry, module)))


def _stale(inquiry: Inquiry, module: Module) -> Iterator[Stale]:
    said: set[int] = set()
    among = tuple(memo for memo in memos(inquiry, module) if memo.table is not None and _is_result(module, memo))
    for memo in among:
        if id(memo.table) in said or _under_way(memo):
            continue
        found = left_stale(module, memo, among)
        if found is not None:
            said.add(id(memo.table))
            yield found


_COLLECTIONS: Final = frozenset({"Map", "Set", "Array", "dict", "set", "list", "deque", "defaultdict"})


def _is_result(module: Module, memo: Memo) -> bool:
    """Tell whether what is kept is an answer that was worked out, and no collection that is filled afterwards."""
    made = maker(memo)
    empty = made is not None and made.name in _COLLECTIONS and not made.args
    return memo.reads and not empty and computed(memo) and answers(module, memo) and not keeps_instances(memo)


def _under_way(memo: Memo) -> bool:
    """Tell whether only work under way is kept: the function that keeps it takes it out when the work is done."""
    ends = memo.table.of("delete") if memo.table is not None else []
    return any(
        (isinstance(around, Call) and around.name == "finally")
        or (isinstance(around, Try) and any(inside(end.node, one) for one in around.final))
        for end in ends
        if inside(end.node, memo.function)
        for around in ancestors(end.node)
    )


def left_stale(module: Module, memo: Memo, among: tuple[Memo, ...]) -> Stale | None:
    """Return the function that changes what a result is made of and leaves it, where others look after it, or None.

    Others do so where they change the same thing in the same way and touch the table; the function itself shows it
    where it empties another table of results, from which these were worked out.
    """
    table = memo.table
    if table is None or not memo.reads or compared_when_read(memo):
        return None
    house = House(module, table)
    if not any(one is memo.function for one in house.members):
        return None
    made_of = house.read(memo.value, memo.function) - {table.name}
    helpers = house.helpers()
    ends = [one for one in house.members if one.name not in FIRST and one is not memo.function and one.kind != "getter"]
    looking = {id(one) for one in ends if house.touches(memo, one)}
    inner = {
        other.table.name
        for other in among
        if other.table is not None
        and other.table is not table
        and other.table.name in made_of
        and other.table.owner is table.owner
        and other.table.scope is table.scope
    }
    tell = [one for one in ends if id(one) in looking and not set(words(one.name)[:1]) & _ENDS_ALL]
    peers = {(change.what, change.how): change.node for one in tell for change in house.changes(one)}
    for function in ends:
        if id(function) in looking or id(function) in helpers:
            continue
        emptied = next((a.node for name in inner for a in _drops(module, table, name) if a.function is function), None)
        if emptied is not None:
            return Stale(memo, function, emptied, memo.node)
        for change in house.changes(function):
            peer = peers.get((change.what, change.how))
            meant = change.what in made_of and change.what not in inner
            if meant and peer is not None and not house.only_adds(function, change):
                return Stale(memo, function, change.node, peer)
    return None


def _drops(module: Module, beside: Table, name: str) -> list[Access]:
    """Return where entries are taken out of a table of the same house."""
    found = [t for t in tables(module) if t.name == name and t.owner is beside.owner and t.scope is beside.scope]
    return [access for table in found for access in table.of("delete", "clear")]

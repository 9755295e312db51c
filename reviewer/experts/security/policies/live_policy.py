"""SEC014: a plugin holds the very object that decides what it may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import callee, declared_type, named_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Class,
    Expr,
    Function,
    Index,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    strip,
)
from reviewer.code.text.ideas import HELD
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.deciding.decisions import is_decision
from reviewer.experts.security.handing.handed import COPIERS, Handed, handed, is_frozen
from reviewer.experts.security.policies.decided_beside import decided_beside, open_as, refused_by_own, refuses_plainly
from reviewer.experts.security.policies.own_copy_decides import refused_by
from reviewer.experts.security.policies.rules_given_out import looked_up_in
from reviewer.experts.security.values.speaking import speaks_of_plugins
from reviewer.experts.security.vocabulary import ANSWERING, REQUIREMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

RIGHTS: Final = (HELD - {"capabilities", "abilities"}) | word_set(
    "granted policy policies acl acls access permit allowlist"
)
"""Names of what rights are read from."""
_ASKS: Final = frozenset("may need needs can require demand allow allows guard permit must".split())
"""First words of a function that refuses somebody who may not, whatever it looks in."""
_QUESTIONS: Final = frozenset("has is can may check require request ask".split())
"""First words of members that only answer."""
_POLICIES: Final = frozenset({"policy", "policies"})
_OF_RIGHTS: Final = RIGHTS | word_set(
    "plugin plugins addon addons guest guests extension security permissions grants sandbox host the my own current "
    "default rules map table by id get of for all"
)
"""Words beside which a policy is one of rights."""
_CREDENTIALS: Final = word_set("token tokens key keys secret log logs")
_READONLY: Final = (
    "Readonly",
    "readonly",
    "Mapping",
    "frozenset",
    "tuple",
    "Tuple",
    "FrozenSet",
    "AbstractSet",
    "Sequence",
    "str",
    "bool",
    "int",
    "number",
    "boolean",
    "string",
)
_PLAIN: Final = frozenset({"string", "number", "boolean", "bigint", "symbol", "str", "int", "float", "bool", "bytes"})
"""Types of values that nobody can change: who holds one holds a copy."""


@module_check("SEC014", words=RIGHTS | HELD | ANSWERING | {"may", "need", "has"})
def live_policy(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the open members of everything that plugins get."""
    if module.is_test:
        return
    for thing in handed(inquiry, module):
        seen: set[str] = set()
        for name, place, value in thing.open:
            named = _rights_in(words(name)) | _rights_in(last_words(value))
            if name in seen or _is_question(name) or _out_of_answer(module, value):
                continue
            by = decided_beside(module, value) or _refusing(thing, value)
            if by is None and named & REQUIREMENTS:
                continue
            if not by and not named & (HELD if _is_entry(value) else RIGHTS) and not _decided_by(thing, name):
                continue
            if not (by and open_as(module, value, name)) and not _is_live(module, thing, name, place, value):
                continue
            seen.add(name)
            what = short(module.text_of(value))
            at: Node = value if isinstance(place, Function) else place
            given = _gives_entry(module, value) if isinstance(value, Call) else None
            beside = given if given is not None and _only_gives(module, given) else None
            yield Match(
                at if beside is None else beside,
                f"'{name}' gives the plugin '{what}' itself, from which its rights are read: it can change what it may "
                "do.",
                related=() if beside is None else ((at, "handed to the plugin here"),),
                confidence=Confidence.POSSIBLE
                if (
                    by is None and not thing.followed and not speaks_of_plugins(module) and not _refuses_by(thing, name)
                )
                or (
                    by is not None
                    and not named & (RIGHTS | HELD)
                    and not (_ASKS & set(words(by.name)[:1]) or refuses_plainly(by))
                )
                else None,
            )


def _out_of_answer(module: Module, value: Expr) -> bool:
    """Tell whether a value is a part of what a server has just answered: ``self.api_response("info")["access"]``."""
    held: Expr = strip(value)
    while isinstance(held, Index | Member):
        held = strip(held.object)
    made = module.scopes.origin(held) if isinstance(held, Name) else held
    return isinstance(made, Call) and bool({"api", "response", "fetch", "json", "loads"} & set(words(made.name)))


def _refuses_by(thing: Handed, name: str) -> bool:
    """Tell whether the object refuses by the very field that it shows."""
    return isinstance(thing.node, Class) and name in refused_by(thing.node)


def _rights_in(said: Sequence[str]) -> set[str]:
    """Return the words of a name, without those that mean another thing beside the words around them.

    ``retentionPolicy`` and ``routing_policies`` are settings of data, ``access_token`` opens a door elsewhere, and
    ``permitUploads`` says yes or no.
    """
    kept = set(said)
    if not kept <= _POLICIES | _OF_RIGHTS:
        kept -= _POLICIES
    if kept & _CREDENTIALS:
        kept.discard("access")
    if len(said) > 1 and said[0] == "permit":
        kept.discard("permit")
    return kept


def _is_entry(value: Expr) -> bool:
    """Tell whether a value is what a table holds for one of many: ``state.abilities[id]``."""
    made = strip(value)
    return isinstance(made, Index) and isinstance(strip(made.key), Name | Member)


def _decided_by(thing: Handed, name: str) -> bool:
    """Tell whether what is handed over decides by itself, by looking up in what its member of this name gives."""
    cls = thing.node
    if not isinstance(cls, Class):
        return False
    given = {strip(value).name for member, _place, value in thing.open if member == name and is_this_member(value)}  # type: ignore[attr-defined]  # a field
    return any(
        isinstance(holder := looked_up_in(lookup), Member) and is_this_member(holder) and holder.name in {name, *given}
        for method in cls.methods
        if is_decision(method)
        for lookup in (*find(method.body, Call), *find(method.body, Index), *find(method.body, Binary))
    )


def _refusing(thing: Handed, value: Expr) -> Function | None:
    """Return the method that refuses somebody by what a field says which is handed over, too."""
    made = strip(value)
    if isinstance(made, Member) and is_this_member(made):
        cls = class_of(made)  # of what is handed over, or of the factory that makes it
        return refused_by_own(cls, made.name) if cls is not None else None
    named = made.id if isinstance(made, Name) else ""
    return refused_by_own(thing.node, named) if isinstance(thing.node, Class) else None


def _is_question(name: str) -> bool:
    return not _QUESTIONS.isdisjoint(words(name)[:1])


def _is_live(module: Module, thing: Handed, name: str, place: Node, value: Expr) -> bool:
    value = strip(value)
    if is_frozen(module, value) or _only_answers(module, place):
        return False
    if isinstance(value, Call) and value.name in ("freeze", "seal") and value.args:
        value = strip(value.args[0])
    if isinstance(place, Function) and place.returns.strip("'\"").startswith(_READONLY):
        return False
    if isinstance(place, Param) and (place.type.startswith(_READONLY) and not place.type.startswith("readonly")):
        return False
    if isinstance(value, Name | Member) and declared_type(module, value).strip() in _PLAIN:
        return False
    if isinstance(value, Array | Object) or (isinstance(value, Call) and value.name in COPIERS):
        return isinstance(thing.node, Class) and _decides(thing.node, name)
    if isinstance(value, Call):
        return (value.name == "get" and bool(value.args)) or _gives_entry(module, value) is not None
    if isinstance(value, Name):
        origin = module.scopes.origin(value) if not isinstance(place, Param) else place
        if isinstance(origin, Param) and origin.type.startswith(_READONLY):
            return False
        if isinstance(origin, Call | Array | Object):
            copied = not isinstance(origin, Call) or origin.name in COPIERS
            return not copied or (isinstance(thing.node, Class) and _decides(thing.node, name))
        return not isinstance(origin, Function | Class)
    return isinstance(value, Member | Index)


def _only_answers(module: Module, place: Node) -> bool:
    """Tell whether what is handed over is of a class of the subject whose methods ask, and change nothing."""
    cls = named_type(module, place.type) if isinstance(place, Param) and place.type else None
    if cls is None or cls.kind != "class":
        return False
    public = [one for one in cls.methods if not one.private and one.kind != "constructor"]
    fields = [one for one in cls.fields if not one.private]
    return bool(public) and not fields and all(is_decision(one) or one.kind == "getter" for one in public)


def _only_gives(module: Module, answer: Return) -> bool:
    """Tell whether a method of the same file is there for others alone, and its own object does not decide by it."""
    maker = function_of(answer)
    owner = class_of(maker) if maker is not None else None
    if maker is None or owner is None or maker.module is not module:
        return False
    own = (call for call in find(owner, Call) if call.name == maker.name)
    return not any(isinstance(strip(call.callee), Member) and is_this_member(strip(call.callee)) for call in own)


def _gives_entry(module: Module, call: Call) -> Return | None:
    """Return where a function of the subject answers with what its object keeps: ``desk.of(plugin)``."""
    made = callee(module, call)
    for answer in returns_of(made) if made is not None and call.args else ():
        value = strip(answer.value) if answer.value is not None else None
        if isinstance(value, Binary) and value.op in ("??", "or"):  # what is kept, or an empty one
            value = strip(value.left)
        holder = value.object if isinstance(value, Index) else None
        if isinstance(value, Call) and value.name in ("get", "setdefault") and value.receiver is not None:
            holder = value.receiver
        if holder is not None and (is_this_member(strip(holder)) or _is_kept(made, strip(holder))):
            return answer
    return None


def _is_kept(function: Function | None, holder: Expr) -> bool:
    """Tell whether a name holds what is there before and after a call: the file, or a function around it, made it."""
    bound = function.module.scopes.lookup(holder.id, holder) if function and isinstance(holder, Name) else []
    return bool(bound) and isinstance(bound[0], Assign) and function_of(bound[0]) is not function


def _decides(cls: Class, name: str) -> bool:
    """Tell whether the methods of a class read the member to decide."""
    for method in cls.methods:
        if method.kind == "constructor":
            continue
        for node in walk(method.body):
            if (
                isinstance(node, Member)
                and node.name == name
                and isinstance(node.object, Name)
                and node.object.id == "this"
            ):
                return True
    return False

"""SEC019: what a plugin asks for is taken for what it was granted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import declared_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Spread,
    Unary,
    is_nothing,
    strip,
)
from reviewer.code.text.ideas import GIVEN
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, said_in, word_set
from reviewer.experts.security.asked import asked, is_declaration
from reviewer.experts.security.policies.asked_use import Use, uses_of
from reviewer.experts.security.policies.consent_only_told import only_told
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CONSENT: Final = word_set(
    "consent consents consented approve approves approved approval approvals confirm confirms confirmed confirmation "
    "prompt prompts dialog intersect intersection review reviewed decision decisions agreed accept accepts accepted "
    "agree userapproved signedoff ask askuser asker"
)
"""Words of whoever decides what is granted."""
_GRANTED: Final = GIVEN | word_set("granted grant effective allowlist")
_GIVEN_BY_HOST: Final = word_set(
    "trusted trust builtin internal bundled core firstparty system dev development official"
)
_COPIES: Final = frozenset({"set", "frozenset", "list", "tuple", "Set", "from"})
"""Calls that copy a list."""
_TRIGGERS: Final = word_set(
    "wants wanted wishes asks asked requests requested demands demanded declares declared claims manifest manifests "
    "descriptor declaration metadata meta package pkg definition packagejson pluginjson spec title version release "
    "permissions capabilities scopes"
)


@module_check("SEC019", words=_TRIGGERS)
def permission_from_manifest(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Follow every access to what a plugin asks for to where it decides."""
    if module.is_test:
        return
    spoken: set[int] = set()
    for node in module.all_nodes:
        if not isinstance(node, Member | Index | Call) or asked(module, node) is not node:
            continue
        for use in uses_of(module, node):
            if id(use.function) in spoken or _decided_elsewhere(module, node, use):
                continue
            if use.function is not None:
                spoken.add(id(use.function))
            yield Match(
                node,
                f"'{short(module.text_of(node))}' is what the plugin asks for in its own manifest, and {use.said}: "
                "it grants itself what it asks for.",
                related=((use.at, "this decides"),) if use.at.line != node.line else (),
            )
            break
    for node in module.some(Binary, Conditional, Call):
        consent, instead = _alternatives(node)
        wish = _wish(module, instead) if instead is not None else None
        if wish is not None and consent is not None and _is_consent(module, consent):
            yield Match(
                node,
                f"Where '{short(module.text_of(consent))}' has nothing, '{short(module.text_of(wish))}' takes its "
                "place: whoever was never agreed to grants itself what it asks for.",
            )
    for answer in module.all(Return):
        unrecorded = _unrecorded(module, answer)
        wish = _copied_wish(module, answer.value) if unrecorded is not None and answer.value is not None else None
        if wish is not None and unrecorded is not None:
            yield Match(
                answer,
                f"Where '{short(module.text_of(unrecorded))}' has nothing, '{short(module.text_of(wish))}' is given: "
                "whoever was never agreed to grants itself what it asks for.",
            )
    for node in module.some(Array, Binary, Call):
        parts = _united(node)
        wish = next((one for one in parts if asked(module, one) is not None), None)
        agreed = next((one for one in parts if one is not wish and _is_consent(module, _without_default(one))), None)
        if wish is not None and agreed is not None:
            yield Match(
                node,
                f"'{short(module.text_of(wish))}' is united with '{short(module.text_of(agreed))}': what the plugin "
                "asks for is held whether or not anybody agreed to it.",
            )


def _unrecorded(module: Module, answer: Return) -> Expr | None:
    """Return the record of what somebody agreed to, where an answer is given because there is none."""
    for condition in conditions(answer):
        test, holds = strip(condition.test), condition.holds
        record = test
        if isinstance(test, Unary) and test.op == "not":
            record, holds = strip(test.operand), not holds
        elif isinstance(test, Binary) and test.op in ("==", "!=") and is_nothing(test.right):
            record, holds = strip(test.left), holds is (test.op == "!=")
        if isinstance(record, Name) and not holds and _is_consent(module, record):
            return record
    return None


def _copied_wish(module: Module, value: Expr) -> Expr | None:
    """Return what a plugin asks for that an answer is, or copies from a list of its manifest."""
    made = strip(value)
    wish = asked(module, made)
    if wish is not None or not isinstance(made, Call) or made.name not in _COPIES or len(made.args) != 1:
        return wish
    listed = strip(made.args[0])
    return listed if isinstance(listed, Member) and is_declaration(module, listed.object) else None


def _united(node: Node) -> list[Expr]:
    """Return the collections that are united: ``[...a, ...b]``, ``a.concat(b)``, ``a | b``, ``a.union(b)``."""
    if isinstance(node, Array):
        spread = [one.value for one in node.items if isinstance(one, Spread)]
        return spread if len(spread) > 1 else []
    if isinstance(node, Binary):
        return [node.left, node.right] if node.op == "|" else []
    if isinstance(node, Call) and node.name in ("concat", "union") and node.receiver is not None and node.args:
        return [node.receiver, *node.args]
    return []


def _without_default(expr: Expr) -> Expr:
    """Return what a collection is without what stands in for it: ``consent?.scopes`` of ``consent?.scopes ?? []``."""
    made = strip(expr)
    if isinstance(made, Binary) and made.op in ("??", "or"):
        return _without_default(made.left)
    if isinstance(made, Binary) and made.op == "and":
        return _without_default(made.right)
    if isinstance(made, Conditional):
        return _without_default(made.other if isinstance(strip(made.then), Literal | Name) else made.then)
    return made


def _wish(module: Module, instead: Expr) -> Expr | None:
    """Return what a plugin asks for in what stands in for a record: ``{ acts: manifest.acts, until: … }``."""
    found = asked(module, instead)
    made = strip(instead)
    if found is not None or not isinstance(made, Object):
        return found
    for key, value in made.entries:
        inner = strip(value)
        same = isinstance(key, Literal) and isinstance(inner, Member) and inner.name == key.value
        if same and isinstance(inner, Member) and is_declaration(module, inner.object):
            return inner
    return None


def _alternatives(node: Node) -> tuple[Expr | None, Expr | None]:
    """Return (what is recorded, what stands in for it): ``agreed ?? manifest.scopes``, ``row ? row.scopes : …``."""
    if isinstance(node, Binary) and node.op in ("??", "or"):
        return node.left, node.right
    if isinstance(node, Conditional):
        return node.then, node.other
    if isinstance(node, Call) and node.name in ("get", "getOrDefault") and len(node.args) == 2:
        return node.receiver, node.args[1]
    return None, None


def _is_consent(module: Module, recorded: Expr) -> bool:
    """Tell whether an expression gives what somebody agreed to, by its names or by where its value comes from."""
    if asked(module, recorded) is not None:
        return False
    made = module.scopes.origin(recorded)
    owner = class_of(recorded)
    said = path_words(strip(recorded)) | (path_words(made) if isinstance(made, Expr) else set())
    asked_of = made.receiver if isinstance(made, Call) else None
    for typed in (recorded, asked_of):
        said |= set(words(declared_type(module, typed))) if typed is not None else set()
    if owner is not None and asked_of is not None and is_this_member(strip(asked_of)):
        said |= set(words(owner.name))
    return bool(said & (_CONSENT | _GRANTED | (PERMISSION - {"access"})))


def _decided_elsewhere(module: Module, node: Node, use: Use) -> bool:
    """Tell whether somebody's consent, or a store of grants, has a say in the same function."""
    function = function_of(node)
    deciding = _CONSENT if use.stores else _CONSENT | _GRANTED
    for start in {use.function or function, function}:
        current: Function | None = start
        while current is not None:
            if set(words(current.name)) & (_CONSENT | {"grant", "allow", "consenting"}):
                return True
            if _spoken_of(current, use) & deciding:
                return not (use.stores and current is function and only_told(current, node, use.at, _CONSENT))
            current = current.outer
    return any(said_in(c.test) & _GIVEN_BY_HOST for c in conditions(use.at))


def _spoken_of(function: Function, use: Use) -> set[str]:
    found: set[str] = set()
    kept = {"this", *(name.id for name in use.names if isinstance(name, Name))}
    for part in walk(function.body):
        if isinstance(part, Name) and part.id not in kept:
            found.update(words(part.id))
        elif isinstance(part, Member) and not any(part is skipped for skipped in use.names):
            found.update(words(part.name))
    return found

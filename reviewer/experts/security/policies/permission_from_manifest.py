"""SEC019: what a plugin asks for is taken for what it was granted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import declared_type
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
    Spread,
    strip,
)
from reviewer.code.text.ideas import GIVEN
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, walk
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
    said = path_words(strip(recorded)) | (path_words(made) if isinstance(made, Expr) else set())
    asked_of = made.receiver if isinstance(made, Call) else None
    for typed in (recorded, asked_of):
        said |= set(words(declared_type(module, typed))) if typed is not None else set()
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

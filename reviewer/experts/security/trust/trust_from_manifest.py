"""SEC024: how far a plugin is trusted is read from what it says about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Class,
    Conditional,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Switch,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.security.deciding.decisions import gives_boolean
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.trust.kept_record import kept_as_found_out, taken_in_place
from reviewer.experts.security.trust.lets_more import LETS, lets_more, says_one_of, tells_apart
from reviewer.experts.security.trust.proof_skipped import frees_from_proof
from reviewer.experts.security.values.access import step
from reviewer.experts.security.values.filled_in import host_fills
from reviewer.experts.security.values.own_word import describes_itself

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_TRUST: Final = word_set(
    "trust trusted trustlevel tier verified official privileged firstparty builtin unsandboxed sandbox sandboxed "
    "signed internal system isolation clearance elevated unsafe reviewed vetted certified bundled preinstalled endorsed"
)
_STRONG: Final = word_set(
    "trust trusted trustlevel verified privileged firstparty unsandboxed clearance elevated official vetted certified"
)
_TIERS: Final = word_set("tier sandboxed unsandboxed isolation bundled endorsed reviewed")
"""Words of a field that says how far a plugin is trusted, where it stands in what the host keeps of it."""
_LEVELS: Final = word_set("level ring zone rank grade standing")
"""Words of how far a plugin is trusted that mean much else where nobody speaks of trust."""
_ABOUT_TRUST: Final = word_set("trust trusted untrusted reviewed unreviewed sandbox sandboxed vetted partner")
_CLAIMS: Final = word_set(
    "origin source vendor publisher author maker provider owner organisation organization from rank resident member "
    "membership staff house home"
)
"""Fields in which a plugin says who made it."""
_PROOFS: Final = word_set(
    "signer signed issuer verified origin registry source keyid fingerprint certificate publisher"
)
"""Fields in which a host keeps what it found out of where a plugin comes from."""
_CHECKING: Final = word_set(
    "validate lint problems errors schema describe summarise summarize render show list report strip"
)
_OURS: Final = word_set("inside own ours house inhouse internal insider resident member native staff")
"""Words of a question whether somebody belongs to the host."""
_AS_OURS: Final = word_set(
    "trusted internal official privileged builtin inprocess firstparty inline inproc unsandboxed unrestricted verified "
    "partner house staff"
)
"""Texts in which a plugin says that it belongs to the host, or runs where the host does."""
_TAKEN_FOR: Final = frozenset({"bool", "Boolean", "str", "String", "int", "Number"})
"""Calls that take a value for one of a plain type and leave what it says as it is."""
_MOST: Final = 6


def _gives_flag(function: Function) -> bool:
    """Tell whether a function says that it answers yes or no."""
    return function.returns.strip() in ("bool", "boolean")


@module_check(
    "SEC024",
    words=_TRUST
    | LETS
    | _OURS
    | {"first", "party", "built", "spawn", "popen", "subprocess", "import", "importlib"}
    | _LEVELS,
)
def trust_from_manifest(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every read of a field about trust from a manifest, and at what becomes of it."""
    if module.is_test:
        return
    spoken: set[int] = set()
    for node in module.all_nodes:
        if not isinstance(node, Member | Index | Call) or id(function_of(node)) in spoken:
            continue
        found = step(node)
        if found is None or not _is_asked_about(node):
            continue
        if not describes_itself(inquiry, module, found[0], found[1]) or host_fills(module, found[0], found[1]):
            continue
        function = function_of(node)
        levelled = _says_level(module, function, found[1])
        freed = not tells_apart(found[1]) and frees_from_proof(module, node)
        if freed or not (levelled or _says_trusted(found[1]) or _says_ours(module, node, found[1])):
            if freed or lets_more(module, node, found[1]):
                spoken.add(id(function))
                yield Match(
                    node,
                    f"'{short(module.text_of(node))}' is what the plugin says of itself, and decides whether it is "
                    "held back as the others are.",
                )
                continue
            proof = _put_for_proof(module, node, found[1])
            if proof:
                spoken.add(id(function))
                yield Match(
                    node,
                    f"'{short(module.text_of(node))}' is what the plugin says of itself, and '{proof}' takes it for "
                    "what the host found out of where it comes from.",
                )
            if proof or not _proves_trust(node, found[1], function):
                continue
            spoken.add(id(function))
            yield Match(
                node,
                f"'{short(module.text_of(node))}' is what the plugin says of itself, and "
                f"'{function.name if function is not None else ''}' takes it for the proof of where it comes from.",
            )
            continue
        if function is not None and set(words(function.name)) & _CHECKING and not _into_record(module, node):
            continue
        if _decides(module, node, 0, strong=bool(set(words(found[1])) & _STRONG)):
            if function is not None:
                spoken.add(id(function))
            yield Match(
                node,
                f"'{short(module.text_of(node))}' is what the plugin says of itself, and how far it is trusted "
                "follows from it.",
            )


def _into_record(module: Module, node: Expr) -> bool:
    """Tell whether a value goes into a record that the host has a class for: ``Tool(name, trusted=bool(…))``."""
    around = node.parent
    while isinstance(around, Call) and around.name in _TAKEN_FOR and around.receiver is None:
        around = around.parent
    return isinstance(around, Call) and isinstance(definition(module, around.callee), Class)


def _is_asked_about(node: Expr) -> bool:
    """Tell whether what a member holds can decide something: it isn't only called, nor the way to a deeper member."""
    around = node.parent
    if isinstance(around, Member):
        return False
    return not isinstance(around, Call) or around.callee is not node


def _says_trusted(field: str) -> bool:
    """Tell whether a field is about trust; a system of something, such as ``build-system``, is not."""
    said = words(field)
    of_something = len(said) > 1 and said[-1] == "system" and said[0] not in ("is", "as")
    return bool(set(said[:-1] if of_something else said) & _TRUST)


def _says_level(module: Module, function: Function | None, field: str) -> bool:
    """Tell whether a field is the level that a function answers with, in a file that speaks of trust."""
    said = set(words(field)) & _LEVELS
    asked = set(words(function.name)) if function is not None else set()
    return bool(said & asked) and not asked & {"log", "logging"} and not module.words.isdisjoint(_ABOUT_TRUST)


def _says_ours(module: Module, node: Expr, field: str) -> bool:
    """Tell whether what a field says is held against texts by which a plugin says that it is one of the host's."""
    around = node.parent
    if not isinstance(around, Binary) or around.op not in ("==", "!=", "in", "not in") or tells_apart(field):
        return False
    other = strip(around.right if around.left is node else around.left)
    texts = [str(one.value) for one in find(other, Literal)]
    said = [set(words(text)) | {"".join(words(text))} for text in texts]
    return says_one_of(module, other) and any(one & _AS_OURS for one in said)


def _put_for_proof(module: Module, node: Expr, field: str) -> str:
    """Return the function about trust that gets a claim in place of what the host knows of the origin.

    ``trust_of({...origin, signer: manifest.publisher})``, ``trust_of(replace(origin, signer=manifest["publisher"]))``.
    """
    if not set(words(field)[-1:]) & (_CLAIMS | _PROOFS):
        return ""
    record = node.parent
    if isinstance(record, Object):
        key = next((str(k.value) for k, v in record.entries if v is node and isinstance(k, Literal)), "")
        over = [given for k, given in record.entries if k is None]
    elif isinstance(record, Call) and record.name in ("replace", "_replace", "model_copy", "assign", "dict"):
        key = next((name for name, value in record.keywords.items() if value is node), "")
        over = [record]
    else:
        return ""
    taker: Node | None = record.parent
    if isinstance(taker, Assign) and isinstance(taker.target, Name) and taker.value is record:
        name, function = taker.target.id, function_of(record)
        uses = [one for one in walk(function.body) if isinstance(one, Name) and one.id == name] if function else []
        taker = next((one.parent for one in uses if isinstance(one.parent, Call) and one in one.parent.args), None)
    about = isinstance(taker, Call) and bool(set(words(taker.name)) & (_STRONG | {"tier", "verify"}))
    proof = bool(set(words(key)) & _PROOFS)
    return taker.name if over and proof and about and isinstance(taker, Call) else ""


def _proves_trust(node: Expr, field: str, function: Function | None) -> bool:
    """Tell whether a claim about the maker, compared with a text, is the answer of a function about trust."""
    asked = words(function.name) if function is not None else ()
    if function is None or not (set(words(field)[-1:]) & _CLAIMS or set(asked) & _OURS):
        return False
    trusted = set(asked) & _STRONG or "firstparty" in "".join(asked) or "builtin" in "".join(asked)
    test = node.parent
    if isinstance(test, Return) and set(asked) & _OURS:
        return _gives_flag(function)
    if not (trusted or set(asked) & _OURS) or not isinstance(test, Binary) or test.op not in ("==", "!="):
        return False
    other = strip(test.right if test.left is node else test.left)
    answer = test.parent
    while isinstance(answer, Binary | Unary):
        answer = answer.parent
    return isinstance(other, Literal) and isinstance(other.value, str) and isinstance(answer, Return)


def _decides(module: Module, expr: Expr, depth: int, *, strong: bool) -> bool:
    """Tell whether a value decides: it is tested, kept as the plugin's trust, or picks its limits."""
    inner: Node = expr
    around = expr.parent
    while around is not None:
        tested = _tests(around, inner)
        if tested is not None:
            return tested
        if isinstance(around, Assign):
            return inner is around.value and _kept(module, around, depth, strong=strong)
        if isinstance(around, Object):
            return kept_as_found_out(around, inner, _TIERS | _STRONG) or (
                strong
                and any(
                    value is inner and isinstance(key, Literal) and bool(set(words(str(key.value))) & _STRONG)
                    for key, value in around.entries
                )
            )
        if isinstance(around, Call):
            if inner is around.callee:
                return False
            if around.name in _TAKEN_FOR and around.receiver is None and inner in around.args:
                inner, around = around, around.parent
                continue
            keyed = any(v is inner and set(words(k)) & _TRUST for k, v in around.keywords.items())
            keyed = keyed or taken_in_place(module, around, inner, _TIERS | _STRONG)
            picks = around.name in ("get", "has") and inner in around.args
            return keyed or picks or (strong and _says_trust(around))
        if isinstance(around, Return):
            function = function_of(around)
            if function is None:
                return False
            asks = bool(set(words(function.name)) & (_TRUST | _LEVELS | {"may", "can", "allowed"}))
            return asks or (strong and isinstance(inner, Binary) and gives_boolean(module, function))
        if not isinstance(around, Binary | Unary | Cast | Await | Conditional):
            return False
        inner, around = around, around.parent
    return False


def _tests(around: Node, inner: Node) -> bool | None:
    """Tell whether a condition or a choice depends on a value; None where the node is neither."""
    if isinstance(around, If):
        if inner is around.test and _turns_away_the_rest(around):
            return True
        return inner is around.test and not _reports(around) and not (around.orelse and refuses(around.orelse))
    if isinstance(around, Conditional) and inner is around.test:
        return True
    if isinstance(around, Switch):
        return inner is around.subject
    return inner is around.key if isinstance(around, Index) else None


def _says_trust(call: Call) -> bool:
    return bool(set(words(call.name)) & {"trust", "sandbox", "isolate", "privileged", "tier"})


def _turns_away_the_rest(test: If) -> bool:
    """Tell whether those are refused who claim too little: ``if manifest.trust < 2: raise``.

    So the claim lets in; a test that refuses whoever claims much only holds him to what the host knows.
    """
    asked = strip(test.test)
    if not isinstance(asked, Binary) or not refuses(test.body):
        return False
    claim, held = (strip(asked.left), strip(asked.right)) if step(strip(asked.left)) else (asked.right, asked.left)
    low = ("<", "<=") if claim is strip(asked.left) else (">", ">=")
    if asked.op in low:
        return True
    texts = [set(words(str(one.value))) | {"".join(words(str(one.value)))} for one in find(held, Literal)]
    return asked.op in ("!=", "not in") and bool(texts) and all(one & _AS_OURS for one in texts)


def _reports(test: If) -> bool:
    """Tell whether a manifest that claims trust is turned away or told of."""
    negated = isinstance(strip(test.test), Unary)
    if refuses(test.body) and not negated:
        return not _picks_word(test)
    calls = [part for statement in test.body for part in walk(statement) if isinstance(part, Call)]
    told = {"push", "append", "warn", "warning", "error", "add", "info", "log", "debug", "print"}
    return bool(calls) and all(set(words(call.name)) & told for call in calls)


def _picks_word(test: If) -> bool:
    """Tell whether a test picks one of several words: ``if (card.trusted) return "inline"; return "worker"``."""
    function = function_of(test)
    given = [strip(one.value) if one.value is not None else None for one in returns_of(function)] if function else []
    said = [str(one.value) for one in given if isinstance(one, Literal) and isinstance(one.value, str)]
    return len(said) == len(given) > 1 and all(text and " " not in text for text in said)


def _kept(module: Module, assign: Assign, depth: int, *, strong: bool) -> bool:
    target = strip(assign.target)
    if isinstance(target, Member | Index):
        found = step(target)
        return found is not None and bool(set(words(found[1])) & _TRUST)
    if not isinstance(target, Name) or depth > 1:
        return False
    function = function_of(assign)
    count = 0
    for node in walk(function.body if function is not None else module.body):
        if isinstance(node, Name) and node.id == target.id and node is not assign.target:
            count += 1
            if count > _MOST:
                return False
            if _decides(module, node, depth + 1, strong=strong):
                return True
    return False

"""SEC039, SEC083: a message's proof is asked for only where a key is known, or compared so that it can be guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, exits, returns_of, use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Template,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, function_of, inside, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import constant_text, last_words, path_words, surroundings, word_set
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.reaching.log_lines import is_log_line
from reviewer.experts.security.values.access import step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_KEYS: Final = word_set(
    "secret secrets signature signatures sig hmac mac signing publickey pubkey key keys proof token"
)
_PROVES: Final = frozenset({"compare_digest", "timingSafeEqual", "verify", "createHmac", "checkSignature"})
_MACS: Final = frozenset({"createHmac"})
_MESSAGES: Final = word_set(
    "webhook webhooks hook hooks receive request message incoming event callback deliver packet body payload package "
    "release bundle archive manifest update handshake command publish upload submit offer parcel deposit intake "
    "delivery artifact artefact letter envelope shipment install"
)
_WORDS: Final = frozenset("hmac signature timing compare verify".split())
_CHECKS: Final = word_set("verify check validate ensure assert require authenticate demand confirm prove attest vet")
"""Words of a function that only throws where something is wrong."""
_HELPERS: Final = 3
_STEPS: Final = 8
"""Functions between a comparison and the making of the code."""


@module_check("SEC039", words=_WORDS)
def proof_optional(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each check of a signature that stands behind the question whether there is one."""
    if module.is_test:
        return
    for choice in module.all(Binary):
        yield from _of_choice(module, choice)
    for node in module.all(If):
        if node.orelse and _skips(module, node):
            yield Match(
                node.test, "Here nothing is verified, and the work goes on: whoever has no key or proof needs none."
            )
            continue
        without = _yes_without(module, node)
        if without is not None:
            yield Match(
                node,
                f"Where there is no '{short(module.text_of(without))}' the answer is yes: whoever has none needs none.",
            )
            continue
        passed = _passed_without(module, node)
        if passed is not None:
            yield Match(
                node,
                f"Where there is no '{short(module.text_of(passed))}' nothing is verified, and whoever asked goes on.",
            )
            continue
        asked = _whether_there_is(module, node.test)
        if asked is None or node.orelse or not _said_of(module, asked) & _KEYS:
            continue
        function = function_of(node)
        if function is None or not _refuses_a_wrong_one(module, node) or _missing_is_refused(module, node, asked):
            continue
        if _said_around(function) & _MESSAGES:
            yield Match(
                node.test,
                f"Where there is no '{short(module.text_of(asked))}' nothing is verified, and the work goes on: "
                "whoever leaves it out needs none.",
            )


def _said_of(module: Module, asked: Expr) -> set[str]:
    """Return the words of what is asked for: its own name, and that of the header, or of the look-up, it came from."""
    made = module.scopes.origin(asked)
    read = step(made) if isinstance(made, Expr) else None
    looked_up = words(made.name) if isinstance(made, Call) and made.args else ()
    return set(last_words(asked)) | set(words(read[1]) if read is not None else ()) | set(looked_up)


def _passed_without(module: Module, node: If) -> Expr | None:
    """Return what a proof is made with, where a check that throws for a wrong one leaves in silence without it."""
    said = [one for one in node.body if not is_log_line(one)]
    only = said[0] if len(said) == 1 and not node.orelse else None
    asked, function = _whether_it_is_missing(node.test), function_of(node)
    if not isinstance(only, Return) or only.value is not None or asked is None or function is None:
        return None
    if not _said_of(module, asked) & _KEYS or any(one.value is not None for one in returns_of(function)):
        return None
    if not words(function.name) or not set(words(function.name)) & _CHECKS:
        return None
    proofs = [one for one in calls_in(function.body, into_functions=False) if one.start > node.start]
    return asked if any(_throws_for_wrong(module, one) for one in proofs) else None


def _throws_for_wrong(module: Module, call: Call) -> bool:
    """Tell whether a verification is an error where the proof is wrong, or its answer leads to one."""
    if not _is_proof(module, call):
        return False
    use = use_of(call)
    if use.how == "dropped":
        return call.name == "verify" and module.language == "python"
    around = next((one for one in ancestors(call) if isinstance(one, If)), None)
    return around is not None and inside(call, around.test) and refuses(around.body)


def _skips(module: Module, node: If) -> bool:
    """Tell whether one branch verifies, and the other, without a key or a proof, only goes on."""
    test = strip(node.test)
    asked: Expr | None = None
    if isinstance(test, Unary) and test.op == "not":
        asked = strip(test.operand)
    elif isinstance(test, Binary) and test.op == "==" and getattr(strip(test.right), "value", "") is None:
        asked = strip(test.left)
    function = function_of(node)
    if not isinstance(asked, Name | Member) or not set(last_words(asked)) & _KEYS or function is None:
        return False
    if exits(node.body) or not _said_around(function) & _MESSAGES:
        return False
    proofs = [call for call in calls_in(node.orelse, into_functions=False) if _is_proof(module, call)]
    return bool(proofs) and not any(_is_proof(module, call) for call in calls_in(node.body, into_functions=False))


def _yes_without(module: Module, node: If) -> Expr | None:
    """Return what a proof is made with, where a function answers yes if it is missing, and else by the proof."""
    only = node.body[0] if len(node.body) == 1 else None
    answer = strip(only.value) if isinstance(only, Return) and only.value is not None else None
    function = function_of(node)
    if not isinstance(answer, Literal) or answer.value is not True or function is None:
        return None
    asked = _whether_it_is_missing(node.test)
    proofs = [
        call
        for one in returns_of(function)
        if one.value is not None and one.start > node.start
        for call in calls_in(one.value)
        if call.name in _PROVES
    ]
    return asked if asked is not None and proofs and set(last_words(asked)) & _KEYS else None


def _whether_it_is_missing(test: Expr) -> Expr | None:
    """Return what a test asks to be absent: ``if (!key)``, ``if key is None``."""
    test = strip(test)
    asked: Expr | None = None
    if isinstance(test, Unary) and test.op == "not":
        asked = strip(test.operand)
    elif isinstance(test, Binary) and test.op in ("==", "is"):
        nothing = strip(test.right)
        absent = (isinstance(nothing, Literal) and nothing.value is None) or getattr(nothing, "id", "") == "undefined"
        asked = strip(test.left) if absent else None
    return asked if isinstance(asked, Name | Member) else None


def _of_choice(module: Module, choice: Binary) -> Iterator[Match]:
    """Find ``!signature || verify(…, signature)``: right where there is no signature at all."""
    left = strip(choice.left)
    if choice.op != "or" or not isinstance(left, Unary) or left.op != "not":
        return
    asked, function = strip(left.operand), function_of(choice)
    if not isinstance(asked, Name | Member) or not set(last_words(asked)) & _KEYS or function is None:
        return
    proof = strip(choice.right)
    if not isinstance(proof, Call) or not _is_proof(module, proof) or isinstance(choice.parent, If):
        return
    if _said_around(function) & _MESSAGES:
        yield Match(
            choice,
            f"Where there is no '{short(module.text_of(asked))}' the answer is yes: whoever leaves it out needs none.",
        )


def _said_around(function: Function) -> set[str]:
    """Return the words of a function, of its parameters, and of the route that it is registered for."""
    said = surroundings(function) | {word for one in function.params for word in words(one.name)}
    route = function.parent
    given = route.args if isinstance(route, Call) else []
    return said | {word for one in given for word in words(constant_text(one))}


def _whether_there_is(module: Module, test: Expr) -> Expr | None:
    """Return what a test only asks to be there: ``if (secret)``, ``if secret is not None``, ``if (a && b)``."""
    test = strip(test)
    if isinstance(test, Name | Member):
        return test
    if isinstance(test, Binary) and test.op == "!=" and isinstance(strip(test.right), Literal):
        nothing = strip(test.right)
        return _whether_there_is(module, test.left) if isinstance(nothing, Literal) and nothing.value is None else None
    if isinstance(test, Binary) and test.op == "and":
        # the proof is there, and it is wrong; or both are there, the key and the proof
        both = _whether_there_is(module, test.right) if not _compares(module, test.right) else test.right
        return _whether_there_is(module, test.left) if both is not None else None
    if isinstance(test, Call) and test.name in ("get", "header") and test.receiver is not None:
        return test
    return None


def _compares(module: Module, expr: Expr) -> bool:
    return any(
        (isinstance(node, Call) and (node.name in _PROVES or _answers_by_proof(module, node)))
        or (isinstance(node, Binary) and node.op in ("!=", "=="))
        for node in walk(expr, into_functions=False)
    )


def _refuses_a_wrong_one(module: Module, node: If) -> bool:
    """Tell whether the branch verifies something and refuses what is wrong."""
    function = function_of(node)
    proves = any(_is_proof(module, call) for call in calls_in([node.test, *node.body], into_functions=False))
    if not proves and function is not None and _compares(module, node.test):
        proves = any(_is_proof(module, call) for call in calls_in(function.body, into_functions=False))
    if not proves:
        return False
    if any(_throws_for_wrong(module, call) for call in calls_in(node.body, into_functions=False)):
        return True
    return refuses(node.body) or any(
        isinstance(part, Throw)
        or (isinstance(part, If) and refuses(part.body))
        or (isinstance(part, Call) and _proves_or_throws(module, part))
        for part in walk(node.body, into_functions=False)
    )


def _proves_or_throws(module: Module, call: Call) -> bool:
    """Tell whether a function of the subject verifies what it is given, and throws where that is wrong."""
    target = definition(module, call.callee)
    if not isinstance(target, Function):
        return False
    return any(one.name in _PROVES for one in calls_in(target.body)) and any(
        isinstance(part, Throw) for part in walk(target.body)
    )


def _answers_by_proof(module: Module, call: Call) -> bool:
    """Tell whether a function of the subject says yes or no by a proof: ``same(a, b)`` with ``timingSafeEqual``."""
    target = definition(module, call.callee) if not call.new else None
    return isinstance(target, Function) and any(
        one.name in _PROVES - _MACS
        for answer in returns_of(target)
        if answer.value is not None
        for one in calls_in(answer.value)
    )


def _is_proof(module: Module, call: Call) -> bool:
    if (
        call.name in _PROVES
        or _answers_by_proof(module, call)
        or module.resolve(call.callee) in ("hmac.new", "hmac.digest")
    ):
        return True
    return bool(path_words(call.callee) & {"signature", "verify", "hmac"}) or _proves_or_throws(module, call)


def _missing_is_refused(module: Module, node: If, asked: Expr) -> bool:
    """Tell whether a missing one has been refused before, or is just after."""
    text = module.text_of(asked)
    if any(text in module.text_of(condition.test) for condition in conditions(node)):
        return True
    function = function_of(node)
    for other in walk(function.body if function is not None else [], into_functions=False):
        if isinstance(other, If) and not inside(other, node) and refuses(other.body):
            test = strip(other.test)
            negated = isinstance(test, Unary) and test.op == "not"
            if (negated or isinstance(test, Binary)) and text in module.text_of(test):
                return True
    return False


@module_check("SEC083", words={"hmac", "sign", "signature", "mac"})
def mac_compared_plainly(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find message codes that are compared character by character."""
    if module.is_test:
        return
    for node in module.all(Binary):
        if node.op not in ("==", "!="):
            continue
        for side in (node.left, node.right):
            if _is_mac(module, side) and _decides(node):
                yield _told(module, node)
                break
    for call in module.calls({"equals"}):
        sides = [side for side in (call.receiver, call.arg(0)) if side is not None]
        if len(sides) > 1 and any(_is_mac(module, side) for side in sides) and _decides(call):
            yield _told(module, call)


def _told(module: Module, node: Node) -> Match:
    return Match(
        node,
        f"'{short(module.text_of(node))}' stops at the first character that differs, and the time it takes "
        "says where: the code can be guessed piece by piece.",
    )


def _is_mac(module: Module, expr: Expr, depth: int = 0) -> bool:
    """Tell whether an expression is a message code: made here, or what a function of the subject gives back."""
    made: object = module.scopes.origin(expr)
    if isinstance(made, Template) and depth <= _HELPERS:
        return any(_is_mac(module, hole, depth + 1) for hole in made.holes)
    for _ in range(_STEPS):  # a value may be made of itself: ``node = above(node)``
        if not isinstance(made, Call):
            return False
        if made.name in _MACS or module.resolve(made.callee) in ("hmac.new", "hmac.digest"):
            return True
        maker = definition(module, made.callee) if depth < _HELPERS else None
        if isinstance(maker, Function) and _gives_mac(maker, depth + 1):
            return True
        inner = made.receiver or (made.arg(0) if made.name not in ("len", "int", "bool", "type") else None)
        made = module.scopes.origin(inner) if inner is not None else None
    return False


def _gives_mac(maker: Function, depth: int) -> bool:
    """Tell whether a function gives a message code back, asked once for each depth: its helpers share their own."""
    given = [answer.value for answer in returns_of(maker) if answer.value is not None]
    question = f"security.mac of {maker.start} at {depth}"
    return maker.module.once(question, lambda: any(_is_mac(maker.module, value, depth) for value in given))


def _decides(node: Node) -> bool:
    around = node.parent
    while isinstance(around, Binary | Unary):
        around = around.parent
    return isinstance(around, If | Return | Conditional | Assign)

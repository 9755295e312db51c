"""REG040: a digest is compared only where one is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import body_of, exits, siblings
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    If,
    Index,
    Jump,
    Literal,
    Member,
    Name,
    Return,
    Statement,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, inside, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words
from reviewer.experts.registry.made_from import ways_back
from reviewer.experts.registry.unchanged import of_package, tells_changes
from reviewer.experts.registry.verification import SIGNED, comparisons, is_verification
from reviewer.experts.registry.vocabulary import DIGESTS, VERIFIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_COMPLAINTS = frozenset("problems problem violations violation complaints faults flaws issues errors failures".split())
_MADE_HERE = frozenset({"computed", "calculated", "actual", "measured"})
"""Words of a digest that the program makes itself, where it is asked to compare at all."""
_BOTH = 2
"""What a function is given that compares: the bytes and their digest."""
_DIGEST: frozenset[str] = DIGESTS - {"hex", "hash", "hashes", "fingerprint"} | {"expected"}


@module_check("REG040", words=DIGESTS | SIGNED | {"verify"})
def digest_optional(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find comparisons and verifications of a digest that are skipped where it is absent."""
    if module.is_test:
        return
    spoken: set[int] = set()
    sites: list[tuple[Node, tuple[Expr, ...]]] = [
        (one.node, (one.actual, one.expected))
        for one in comparisons(module)
        if of_package(module, one) and not tells_changes(module, one)
    ]
    sites += [(call, given) for call in module.all(Call) if _verifies(module, call, given := _given(call))]
    for node, values in sites:
        found = _skipped(module, node, [value for value in values if _is_expected(value)])
        if found is not None and id(found[0]) not in spoken and not _MADE_HERE & set(words(found[1])):
            spoken.add(id(found[0]))
            at, name = found
            yield Match(
                at,
                f"The package is verified only where '{name}' is given: an entry without it is taken as it comes.",
                related=((node, "the verification that is skipped"),),
            )


def _given(call: Call) -> tuple[Expr, ...]:
    return (*call.args, *call.keywords.values())


def _verifies(module: Module, call: Call, given: tuple[Expr, ...]) -> bool:
    """Tell whether a call verifies bytes by its name, or by what the function of the subject compares."""
    if is_verification(call):
        return True
    named = not _DIGEST.isdisjoint(words(call.name)) or any(set(last_words(one)) & _DIGEST for one in given)
    if len(given) < _BOTH or not (named or isinstance(call.callee, Name)):
        return False
    target = definition(module, call.callee)
    return isinstance(target, Function) and any(inside(one.node, target) for one in comparisons(target.module))


def _is_expected(value: Expr) -> bool:
    value = strip(value)
    if isinstance(value, Call):
        return any(_is_expected(part) for part in (value.receiver, *value.args) if part is not None)
    return bool(set(last_words(value)) & _DIGEST) or isinstance(value, Name | Member)


def _skipped(module: Module, node: Node, values: list[Expr]) -> tuple[Node, str] | None:
    """Return the test that lets an absent value through, and the name of the value."""
    names = {module.text_of(part) for value in values for one in ways_back(module, value) for part in _parts(one)}
    inner: Node = node
    for around in ancestors(node):
        if isinstance(around, Binary) and around.op == "and" and inside(node, around.right):
            hit = _presence(module, around.left, names)
            if hit and guards_refusal(around):
                return around, hit
        elif isinstance(around, Conditional) and inside(node, around.then):
            hit = _presence(module, around.test, names)
            if hit and _is_yes(around.other):
                return around, hit
        elif isinstance(around, If) and any(inner is one for one in around.body):
            hit = _presence(module, around.test, names)
            if hit and not exits(around.orelse) and not _stops(around) and not _only_compares(node):
                return around.test, hit
        if isinstance(inner, Statement):
            found = _left_early(module, around, inner, names)
            if found is not None:
                return found
        if isinstance(around, Function):
            return None
        inner = around
    return None


def _parts(value: Expr) -> Iterator[Expr]:
    for part in walk(value):
        named = isinstance(part, Name | Member | Call | Index) and set(last_words(part)) & (_DIGEST | SIGNED)
        if isinstance(part, Expr) and (named or (isinstance(part, Name) and part is value)):
            yield part


def _presence(module: Module, test: Expr, names: set[str]) -> str:
    """Return the name whose presence a test asks for, alone or as one of several that must hold."""
    test = strip(test)
    if isinstance(test, Binary) and test.op == "and":
        return _presence(module, test.left, names) or _presence(module, test.right, names)
    if isinstance(test, Binary) and test.op == "!=" and isinstance(strip(test.right), Literal):
        return _named(module, test.left, names) if getattr(strip(test.right), "value", "") in (None, "") else ""
    if isinstance(test, Binary) and test.op == "in" and isinstance(test.left, Literal):
        key = str(test.left.value)
        return key if any(key in name for name in names) else ""
    if isinstance(test, Call) and test.name in ("Boolean", "bool") and test.args:
        return _named(module, test.args[0], names)
    return _named(module, test, names)


def _named(module: Module, expr: Expr, names: set[str]) -> str:
    text = module.text_of(expr)
    return text if text in names and isinstance(strip(expr), Name | Member | Call) and not _is_check(expr) else ""


def _only_compares(node: Node) -> bool:
    """Tell whether the answer of a comparison is returned by a function that does not claim to verify."""
    if not isinstance(node.parent, Return):
        return False
    function = function_of(node)
    return function is not None and not set(words(function.name)) & VERIFIES


def _is_check(expr: Expr) -> bool:
    expr = strip(expr)
    return isinstance(expr, Call) and expr.name not in ("get", "pop", "getattr")


def guards_refusal(test: Binary) -> bool:
    """Tell whether a test decides about a refusal: what is not equal throws, leaves, or is not used.

    Where the answer only says that something was stored before and is made anew, nobody verifies a package.
    """
    for around in ancestors(test):
        if isinstance(around, If):
            if _only_skips(around):
                return False
            refuses = exits(around.body) or bool(around.orelse) or any(True for _ in find(around.body, Throw))
            refuses = refuses or any(_complains(call) for call in find(around.body, Call))
            return inside(test, around.test) and refuses
        if isinstance(around, Assign) and isinstance(around.target, Name):
            return _refused_by(around.target)
        if isinstance(around, Statement):
            return False
    return False


def _complains(call: Call) -> bool:
    """Tell whether a call puts something on a list of what is wrong, which is refused later."""
    return call.name in ("push", "append", "add") and bool(set(last_words(call.receiver)) & _COMPLAINTS)


def _only_skips(test: If) -> bool:
    """Tell whether what is equal is passed over as unchanged, and what is not is worked on: nobody is refused."""
    last = test.body[-1] if test.body else None
    equal = not any(one.op == "!=" for one in find(test.test, Binary) if not isinstance(strip(one.right), Literal))
    if not equal or test.orelse:
        return False
    return (isinstance(last, Jump) and last.kind == "continue") or (isinstance(last, Return) and _goes_on(test))


def _goes_on(test: If) -> bool:
    """Tell whether what stands behind a branch that leaves works on, and neither throws nor says no."""
    beside = siblings(test)
    rest = beside[beside.index(test) + 1 :] if test in beside else []
    return bool(rest) and not any(isinstance(node, Throw) or _says_no(node) for node in walk(rest))


def _refused_by(kept: Name) -> bool:
    """Tell whether a function refuses by the name that an answer is kept under."""
    function = function_of(kept)
    return function is not None and any(
        any(name.id == kept.id for name in find(one.test, Name)) and exits(one.body) for one in find(function.body, If)
    )


def _is_yes(expr: Expr) -> bool:
    expr = strip(expr)
    return isinstance(expr, Literal) and expr.value is True


def _stops(around: If) -> bool:
    """Tell whether what follows a test leaves: its body returns the good case, and the rest refuses."""
    parent = around.parent
    if parent is None or not exits(around.body):
        return False
    for statements in body_of(parent):
        if any(one is around for one in statements):
            rest = statements[statements.index(around) + 1 :]
            return any(isinstance(one, Throw) or _says_no(one) for one in rest)
    return False


def _says_no(statement: Node) -> bool:
    if not isinstance(statement, Return):
        return False
    value = strip(statement.value) if statement.value is not None else None
    return isinstance(value, Literal) and value.value in (False, None) and value.raw_text not in ("", "undefined")


def _left_early(module: Module, around: Node, inner: Statement, names: set[str]) -> tuple[Node, str] | None:
    """Return an earlier statement that leaves content where the value is absent."""
    for statements in body_of(around):
        if not any(inner is one for one in statements):
            continue
        for earlier in statements[: statements.index(inner)]:
            if not isinstance(earlier, If) or earlier.orelse:
                continue
            hit = _absence(module, earlier.test, names)
            if hit and len(earlier.body) <= 3 and _leaves_content(module, earlier.body, around):
                return earlier.test, hit
    return None


def _absence(module: Module, test: Expr, names: set[str]) -> str:
    test = strip(test)
    if isinstance(test, Unary) and test.op == "not":
        return _presence(module, test.operand, names)
    if isinstance(test, Binary) and test.op == "==" and isinstance(strip(test.right), Literal):
        return _named(module, test.left, names) if getattr(strip(test.right), "value", "") in (None, "") else ""
    return ""


def _leaves_content(module: Module, body: list[Statement], around: Node) -> bool:
    """Tell whether a branch ends the function as if all were well."""
    last = body[-1]
    if not isinstance(last, Return):
        return False
    value = strip(last.value) if last.value is not None else None
    if value is None:
        function = around if isinstance(around, Function) else None
        others = (
            [one for one in find(function.body, Return) if one is not last and one.value is not None]
            if function
            else []
        )
        return not others
    if isinstance(value, Literal):
        return value.value is True
    if isinstance(value, Call):
        target = definition(module, value.callee)
        return not (isinstance(target, Function) and "error" in target.name.lower()) and "rror" not in value.name
    return isinstance(value, Name | Member)

"""API025 and API026: errors that a caller can't tell apart, and callers that tell them apart by their text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    Conditional,
    Expr,
    For,
    Function,
    Handler,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Regex,
    Return,
    Switch,
    Template,
    Throw,
    Unary,
    strip,
)
from reviewer.code.walk import ancestors, find, function_of, names_in, walk
from reviewer.experts.api.vocabulary import spelled
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found
from reviewer.experts.told_only import only_tells
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS: Final = frozenset(
    {"includes", "startsWith", "endsWith", "match", "indexOf", "startswith", "endswith", "test", "search"}
)
_OF_THE_LANGUAGE: Final = (
    r"(?i)\bis not (a function|a constructor|iterable|defined|extensible)\b|\bnot a (function|constructor)\b|"
    r"\bunexpected (token|identifier|end of|keyword argument)\b|^cannot add property|\bnot extensible\b|"
    r"\bcannot use import statement\b|\bmaximum call stack\b|\bcannot read propert|\bpositional arguments?\b|"
    r"\bobject is not (callable|subscriptable)\b|\bhas no attribute\b|\btakes (exactly )?\d|\b(enough|many) values\b"
)
"""What engines write, by themselves and without a code."""
_SIGNS: Final = frozenset("code name status statusCode errno kind type constructor".split())
_ALL: Final = frozenset({"Exception", "BaseException", "Error"})
_OF_KEYS: Final = frozenset({"KeyError", "StopIteration"})
_WITH_CLASS: Final = 2
_DEEPEST: Final = 8
_PLACES: Final = 20
"""Further places of a file that one finding names."""
_SAME_TEXT: Final = frozenset({"lower", "toLowerCase", "casefold", "trim", "strip"})
_ERRORS: Final = frozenset("e err error ex exc exception reason cause failure problem".split())


@module_check("API025", words={"throw", "raise", "reject"})
def error_without_kind(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for what is thrown that is no error, or an error of no kind: a habit of a file is told once."""
    if module.is_test or is_tooling(module):
        return
    told = sorted((*_thrown(module), *_rejected(module)), key=lambda one: one[0].raw.start_byte)
    if told:
        (first, message), *others = told
        more = f" It is the same at {len(others)} other places of the file." if len(others) > 1 else ""
        yield Match(first, message + more, related=tuple((place, "here as well") for place, _ in others[:_PLACES]))


def _thrown(module: Module) -> Iterator[tuple[Node, str]]:
    """Yield the places that throw a text or an error of no kind, with what is said of them."""
    for throw in module.all(Throw):
        value = strip(throw.value) if throw.value is not None else None
        if value is None:
            continue
        if module.language == "python":
            name = spelled(value.callee if isinstance(value, Call) else value)
            if (
                name in ("Exception", "BaseException")
                and not _named_again(module, value)
                and not _waived(module, throw)
                and not _caught_here(throw)
            ):
                yield (
                    throw,
                    f"'{name}' is raised itself: a caller can only catch everything, its own mistakes included.",
                )
        elif (
            isinstance(value, Template) or (isinstance(value, Literal) and isinstance(value.value, str))
        ) and not _only_jumps(throw):
            yield (
                throw,
                (
                    f"A text is thrown ('{short(module.text_of(value))}'), not an error: it has no stack, no type and "
                    "no code, and what reads its message gets nothing."
                ),
            )


def _rejected(module: Module) -> Iterator[tuple[Node, str]]:
    """Yield the places that reject a promise with a text."""
    for call in module.calls(("reject",)):
        value = call.arg(0)
        plain = isinstance(value, Template) or (isinstance(value, Literal) and isinstance(value.value, str))
        alone = call.receiver is None or spelled(call.receiver) == "Promise"
        if plain and alone and value is not None:
            yield (call, f"A promise is rejected with a text ('{short(module.text_of(value))}'), not with an error.")


def _only_jumps(throw: Throw) -> bool:
    """Tell whether the function itself catches what it throws and never looks at it: nobody gets the text."""
    guard = guarding_try(throw)
    if guard is None or len(guard.handlers) != 1:
        return False
    handler = guard.handlers[0]
    return not any(isinstance(node, Throw) for node in walk(handler.body)) and (
        not handler.name or handler.name not in names_in(handler.body)
    )


def _caught_here(throw: Throw) -> bool:
    """Tell whether a ``try`` around it in the same function takes whatever is raised, and lets nothing of it out."""
    guard = guarding_try(throw)
    if guard is None:
        return False
    taken = [one for one in guard.handlers if not one.types or any(spelled(kind) in _ALL for kind in one.types)]
    return bool(taken) and not any(True for _ in find(taken[0].body, Throw))


def _waived(module: Module, throw: Throw) -> bool:
    """Tell whether a comment tells a linter that this kind of error is meant."""
    lines = module.source.split(b"\n")[max(0, throw.line - 2) : throw.end_line]
    return any(mark in line for line in lines for mark in (b"broad-exception-raised", b"TRY002", b"W0719"))


def _named_again(module: Module, value: Expr) -> bool:
    name = value.callee if isinstance(value, Call) else value
    return isinstance(name, Name) and bool(module.scopes.lookup(name.id, name))


@module_check("API026", words={"message", "str", "args"})
def error_by_text(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for decisions that hang on the words of an error's message."""
    if module.is_test or is_tooling(module):
        return
    told: set[int] = set()
    for node in (*module.all(Call), *module.all(Binary), *module.all(Switch)):
        asked = _asked(module, node)
        if asked is None or not (isinstance(node, Switch) or _decides(node)) or id(function_of(node)) in told:
            continue
        if _has_no_other_sign(node) or _asked_by_kind(node) or _only_words(module, node):
            continue
        told.add(id(function_of(node)))  # one way of telling them apart is one cause
        yield Match(
            node,
            f"'{short(module.text_of(asked if isinstance(node, Switch) else node))}' tells errors apart by their "
            "words: the next wording, or another language, takes the other way.",
        )


def _has_no_other_sign(node: Node) -> bool:
    """Tell whether the words are those of the language itself, whose errors have no code: ``is not a function``."""
    texts = [one.value for one in find(node, Literal) if isinstance(one.value, str)]
    texts += [one.pattern for one in find(node, Regex)]
    return bool(texts) and all(found(_OF_THE_LANGUAGE, one) for one in texts)


def _asked_by_kind(node: Node) -> bool:
    """Tell whether the same condition asks for the class or the code of the error, and for its words beside that."""
    top = node
    while isinstance(top.parent, Binary | Unary) and getattr(top.parent, "op", "") in ("and", "or", "not"):
        top = top.parent
    for one in find(top, Binary) if top is not node else ():
        if one.op == "instanceof" and spelled(one.right) not in ("", "Error"):
            return True
        if one.op in ("==", "!=") and any(
            isinstance(side := strip(part), Member) and side.name in _SIGNS for part in (one.left, one.right)
        ):
            return True
    return any(call.name == "isinstance" and spelled(call.args[-1]) not in _ALL for call in _calls(top, node))


def _calls(top: Node, node: Node) -> Iterator[Call]:
    return (call for call in find(top, Call) if top is not node and len(call.args) == _WITH_CLASS)


def _only_words(module: Module, node: Node) -> bool:
    """Tell whether only what people read hangs on the words of an error: one sentence or another."""
    around = next((one for one in ancestors(node) if isinstance(one, If | Conditional)), None)
    if isinstance(around, If):
        return bool(around.body) and only_tells(around)
    return around is not None and all(_is_sentence(module, one) for one in (around.then, around.other))


def _is_sentence(module: Module, expr: Expr) -> bool:
    expr = strip(expr)
    if isinstance(expr, Conditional):
        return _is_sentence(module, expr.then) and _is_sentence(module, expr.other)
    if isinstance(expr, Literal):
        return isinstance(expr.value, str) and " " in expr.value.strip()
    return isinstance(expr, Template) or _is_message(module, expr)


def _asked(module: Module, node: Node) -> Expr | None:
    """Return the message of an error that is compared or searched, else None."""
    if isinstance(node, Call):
        receiver, text = node.receiver, node.arg(0)
        if node.name in ("test", "exec") and isinstance(receiver, Regex):  # /no such/i.test(error.message)
            receiver, text = text, receiver
        if node.name not in _ASKS or receiver is None or not isinstance(text, Literal | Regex):
            return None
        return receiver if _is_message(module, receiver) else None
    if isinstance(node, Switch):
        texts = [strip(test) for case in node.cases for test in case.tests]
        spelled_out = any(isinstance(text, Literal) and isinstance(text.value, str) for text in texts)
        return node.subject if spelled_out and _is_message(module, node.subject) else None
    if not isinstance(node, Binary):
        return None
    if node.op in ("==", "!="):
        for side, other in ((node.left, node.right), (node.right, node.left)):
            text = strip(other)
            if isinstance(text, Literal) and isinstance(text.value, str) and text.value and _is_message(module, side):
                return side
    if node.op in ("in", "not in") and _is_text(module, node.left) and _is_message(module, node.right):
        return node.right
    return None


def _is_text(module: Module, expr: Expr) -> bool:
    """Tell whether an expression is a constant text, or goes through a list of such."""
    expr = strip(expr)
    if isinstance(expr, Literal):
        return True
    for binding in module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else ():
        given = binding.iterable if isinstance(binding, For) else None
        if isinstance(binding, Comprehension):
            given = binding.clauses[0][1]
        items = module.scopes.origin(given) if given is not None else None
        return isinstance(items, Array) and bool(items.items) and all(isinstance(one, Literal) for one in items.items)
    return False


def _is_message(module: Module, expr: Expr, depth: int = _DEEPEST) -> bool:
    """Tell whether an expression is ``error.message`` or ``str(error)`` of something that was caught.

    ``depth`` is how many steps back are taken: a text may be made of itself, as in ``text = text.trim()``.
    """
    expr = strip(expr)
    if depth == 0:
        return False
    if isinstance(expr, Call) and expr.name in _SAME_TEXT and expr.receiver is not None:
        return _is_message(module, expr.receiver, depth - 1)
    if isinstance(expr, Name):
        made = _only_value(module, expr)
        return made is not None and not isinstance(made, Name) and _is_message(module, made, depth - 1)
    if isinstance(expr, Conditional):
        return _is_message(module, expr.then, depth - 1) or _is_message(module, expr.other, depth - 1)
    if isinstance(expr, Index):
        first = strip(expr.object)
        of_error = isinstance(first, Member) and first.name == "args" and _is_caught(strip(first.object))
        return of_error and isinstance(first, Member) and not _holds_a_key(strip(first.object))
    if isinstance(expr, Call) and expr.name in ("str", "String", "repr") and len(expr.args) == 1:
        return _is_caught(strip(expr.args[0]))
    return isinstance(expr, Member) and expr.name == "message" and _is_caught(strip(expr.object))


def _only_value(module: Module, name: Name) -> Expr | None:
    """Return what a variable of a function holds, where it is given a value once."""
    bound = module.scopes.lookup(name.id, name)
    only = bound[0] if len(bound) == 1 else None
    return only.value if isinstance(only, Assign) and only.op == "=" and function_of(only) is not None else None


def _is_caught(expr: Expr) -> bool:
    if not isinstance(expr, Name):
        return False
    for around in ancestors(expr):
        if isinstance(around, Handler) and around.name == expr.id:
            return True
        if isinstance(around, Function) and any(isinstance(p, Param) and p.name == expr.id for p in around.params):
            return expr.id.lower() in _ERRORS
    return False


def _holds_a_key(error: Expr) -> bool:
    """Tell whether what an error is made with is no sentence but the key that was not there."""
    kept = (one for one in ancestors(error) if isinstance(one, Handler) and one.name == getattr(error, "id", ""))
    handler = next(kept, None)
    return handler is not None and bool(handler.types) and all(spelled(kind) in _OF_KEYS for kind in handler.types)


def _decides(node: Node) -> bool:
    inner = node
    for around in ancestors(node):
        if isinstance(around, If | Conditional):
            return inner is around.test
        if isinstance(around, Object | Function):
            return False
        if not isinstance(around, Expr):
            return isinstance(around, Return)
        inner = around
    return False

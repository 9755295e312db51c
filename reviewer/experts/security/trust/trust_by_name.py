"""SEC030: a plugin is let in because of how its own name begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Cast,
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
    Regex,
    Return,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.deciding.decisions import is_decision, is_guard_function
from reviewer.experts.security.values.own_names import is_own_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_TRUST: Final = word_set("trusted trust privileged builtin official internal firstparty core system verified safe")
_MAKERS: Final = frozenset({"publisher", "author", "vendor"})
_FENCES: Final = frozenset({"sandbox", "sandboxed", "isolate", "isolated", "isolation", "untrusted", "restricted"})
"""Words of a question whether a plugin is kept apart."""
_LOGS: Final = frozenset({"log", "logger", "console", "logging"})
_TESTS: Final = frozenset(
    {"startsWith", "startswith", "endsWith", "endswith", "test", "match", "fullmatch", "includes"}
)


@module_check(
    "SEC030", words={"starts", "startswith", "ends", "endswith", "test", "match", "fullmatch", "includes"} | _MAKERS
)
def trust_by_name(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every test of how a plugin's name is spelt, and at what it opens."""
    if module.is_test:
        return
    for node in module.all(Binary):
        if node.op == "==" and _names_maker(node) and _opens(node):
            yield Match(
                node,
                f"'{short(module.text_of(node))}' lets a plugin in for the maker that it names itself: any plugin can "
                "name the same.",
            )
    for call in module.calls(_TESTS):
        name, pattern = _parts(module, call)
        if name is None or pattern is None or not is_own_name(name) or _is_grammar(call, pattern):
            continue
        if _opens(call):
            yield Match(
                call,
                f"'{short(module.text_of(call))}' lets a plugin in by a name that its author chose: any plugin can "
                "call itself so.",
            )


def _names_maker(test: Binary) -> bool:
    """Tell whether a test compares whom a plugin names as its maker with a text."""
    for name, text in ((test.left, strip(test.right)), (test.right, strip(test.left))):
        written = isinstance(text, Literal) and isinstance(text.value, str) and bool(text.value)
        if written and set(last_words(name)) & _MAKERS and is_own_name(name):
            return True
    return False


def _parts(module: Module, call: Call) -> tuple[Expr | None, Expr | None]:
    """Return the tested name, and the text or pattern that it is tested against."""
    first = strip(call.args[0]) if call.args else None
    made = module.scopes.origin(first) if isinstance(first, Name) else None
    first = made if isinstance(made, Literal | Regex) else first
    receiver = strip(call.receiver) if call.receiver is not None else None
    if call.name in ("test", "match", "fullmatch"):
        if isinstance(receiver, Regex):
            return first, receiver
        if isinstance(first, Regex):
            return receiver, first
        return (call.arg(1), first) if isinstance(first, Literal) else (None, None)
    written = isinstance(first, Literal) and isinstance(first.value, str) and bool(first.value)
    return (receiver, first) if written else (None, None)


def _is_grammar(call: Call, pattern: Expr) -> bool:
    """Tell whether a test only asks whether a name is well formed."""
    if isinstance(pattern, Regex):
        return not _spells_out(pattern.pattern)
    text = str(pattern.value) if isinstance(pattern, Literal) else ""
    return not (_spells_out(text) if call.name in ("match", "fullmatch") else any(c.isalpha() for c in text))


def _spells_out(pattern: str) -> bool:
    """Tell whether a pattern has two letters in a row that stand for themselves."""
    inside, before, letters = False, "", 0
    for found in pattern:
        char = " " if before == "\\" else found
        inside = (inside or char == "[") and char != "]"
        letters = letters + 1 if char.isalpha() and not inside else 0
        if letters > 1:
            return True
        before = char
    return False


def _opens(call: Expr) -> bool:
    """Tell whether a test that holds answers yes, or makes a plugin a trusted one."""
    function = function_of(call)
    while function is not None and function.kind == "arrow" and not function.name:
        function = function.outer
    decides = function is not None and (
        is_decision(function) or is_guard_function(function) or bool(set(words(function.name)) & _TRUST)
    )
    if function is not None and set(words(function.name)) & _FENCES and _takes_fence_away(call):
        return True
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, Unary) and around.op == "not":
            return False
        if isinstance(around, Return):
            return decides
        if isinstance(around, If | Conditional):
            if inner is not around.test:
                return False
            return decides and _says_yes(around)
        if isinstance(around, Assign):
            return bool(set(last_words(around.target)) & _TRUST) and not _only_logs(around)
        if isinstance(around, Object):
            return any(
                value is inner and isinstance(key, Literal) and bool(set(words(str(key.value))) & _TRUST)
                for key, value in around.entries
            )
        if isinstance(around, Function) or not isinstance(around, Binary | Cast):
            return False
        if isinstance(around, Binary) and around.op not in ("or", "and"):
            return False
        inner = around
    return False


def _only_logs(made: Assign) -> bool:
    """Tell whether an answer only says how loud something is told: ``log[isInternal ? "debug" : "info"](name)``."""
    function = function_of(made)
    name = made.target.id if isinstance(made.target, Name) else ""
    uses = [one for one in find(function.body, Name) if one.id == name and one is not made.target] if function else []
    return bool(uses) and all(
        any(isinstance(one, Index) and set(last_words(one.object)) & _LOGS for one in ancestors(use)) for use in uses
    )


def _takes_fence_away(call: Expr) -> bool:
    """Tell whether a test that holds answers no to whether a plugin is to be kept apart."""
    around = call.parent
    if isinstance(around, Unary) and around.op == "not":
        return isinstance(around.parent, Return)
    if not isinstance(around, If) or around.test is not call:
        return False
    last = around.body[-1] if around.body else None
    value = strip(last.value) if isinstance(last, Return) and last.value is not None else None
    return isinstance(value, Literal) and value.value is False


def _says_yes(test: If | Conditional) -> bool:
    if isinstance(test, Conditional):
        then = strip(test.then)
        return isinstance(then, Literal) and (then.value is True or str(then.value).lower() in _TRUST)
    for statement in test.body:
        if isinstance(statement, Return):
            value = strip(statement.value) if statement.value is not None else None
            if value is None:
                return True
            if isinstance(value, Member):
                return bool(set(words(value.name)) & _TRUST)
            return isinstance(value, Literal) and (value.value is True or str(value.value).lower() in _TRUST)
    return False

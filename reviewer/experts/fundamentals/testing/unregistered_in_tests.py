"""FUN015: a test that asks for a command or an event under a name that nobody registers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import use_of
from reviewer.code.reach.handed import made_member
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Unary,
    With,
    strip,
)
from reviewer.code.text.languages import is_test
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.patterns import found
from reviewer.experts.fundamentals.testing.cases import cases
from reviewer.experts.fundamentals.testing.names_registered import REGISTERING, RegisteredNames, registered_names
from reviewer.experts.fundamentals.testing.run_by_helpers import passes_over, runners
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_TABLES: Final = frozenset(
    "command commands handler handlers listener listeners hook hooks action actions tool tools subscriber subscribers "
    "subscriptions callbacks routes registered registry providers services topics events menu verbs methods".split()
)
"""What tests call the collections in which a host keeps what plugins register."""
_HOLDS: Final = frozenset("table map all entries byname items known kept held list registry".split())
"""What a fake calls the collection that stands behind a service."""
_EMITS: Final = frozenset("emit publish dispatch trigger fire notify broadcast".split())
_OF_LOOKUP: Final = frozenset({"KeyError", "LookupError", "Exception", "BaseException"})
"""Errors that a table without an entry raises by itself, or that these are."""
_WRONG_ON_PURPOSE: Final = (
    r"(?i)(unknown|missing|nope|none|absent|bogus|invalid|wrong|nothing|fake|other|never|undefined|ghost|nowhere|"
    r"no[-_. ]?such|not[-_. ]?(there|registered|known|found)|unregistered|does[-_. ]?not|foo|bar|xyz|gone|removed)"
)
_MISSING_ON_PURPOSE: Final = (
    r"(?i)(unknown|missing|absent|bogus|invalid|wrong|undefined|nobody|unregistered|ghost|nowhere|"
    r"without[-_. ](a|any|the|such|its)?[-_. ]?(command|handler|name|route|regist)|"
    r"no[-_. ]?such|no(t|[-_. ]one)?[-_. ]?(there|registered|registers|known|knows|found)|does[-_. ]?not|n't)"
)
"""What the title of a test says that asks for a name which nobody registers."""


class _Ask(Struct, frozen=True):
    """One use of a name in a test; ``how`` is ``optional``, ``plain``, ``refused`` or ``emit``."""

    at: Node
    name: str
    how: str


@module_check("FUN015", words={"test", "it", "specify"})
def unregistered_in_tests(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the names that tests ask for with those that the subject registers."""
    tests = cases(module)
    if not tests:
        return
    known = registered_names(inquiry)
    if not known.names:
        return
    here = _registered_here(module)
    for case in tests:
        for ask in _asks(inquiry, module, case.function.body):
            if ask.name in here or known.knows(ask.name) or found(_WRONG_ON_PURPOSE, ask.name):
                continue
            yield from _judged(known, ask, case.title)


def _judged(known: RegisteredNames, ask: _Ask, title: str) -> Iterator[Match]:
    near = known.near(ask.name)
    if not near and ask.how in ("optional", "refused"):
        meant = known.meant(ask.name, title)
        near = meant or known.relative(ask.name)
        if not near or (not meant and found(_MISSING_ON_PURPOSE, title)):
            return
    if not near:
        return
    sequel = {
        "optional": "the optional call is skipped and gives nothing, whatever the command does",
        "emit": "no handler runs",
        "refused": "the error that is waited for is that of the look-up, whatever the code does",
        "plain": "what is looked for is never there, whatever the code does",
    }[ask.how]
    doubtful = ask.how == "plain" and found(_WRONG_ON_PURPOSE, title)
    yield Match(
        ask.at,
        f"The test asks for '{ask.name}', which nobody registers ('{near}' is): {sequel}.",
        fix=f"Ask for '{near}', and fail where it is not there.",
        confidence=Confidence.POSSIBLE if doubtful else None,
    )


def _registered_here(module: Module) -> set[str]:
    """Return the names that the test file itself registers something under."""
    found_here: set[str] = set()
    for call in module.all(Call):
        first = words(call.name)
        if first and first[0] in REGISTERING:
            for arg in call.args[:2]:
                if isinstance(arg, Literal) and isinstance(arg.value, str):
                    found_here.add(arg.value)
    return found_here


def _asks(inquiry: Inquiry, module: Module, body: list[Node] | list[Expr] | object) -> Iterator[_Ask]:
    for call in find(body, Call):  # type: ignore[arg-type]  # a list of statements
        name = _text(call.arg(0))
        if name and _gets_by_helper(inquiry, module, call):
            yield _Ask(call, name, "optional")
        if call.receiver is None or not name:
            continue
        if call.name == "get" and _is_table(module, call.receiver):
            how = _how(module, call)
            yield _Ask(call, name, "refused" if how == "plain" and _is_refusal(module, call) else how)
        elif call.name in ("has", "__contains__") and _is_table(module, call.receiver):
            if _denied(call):
                yield _Ask(call, name, "plain")
        elif _emits(call.name) and found(r"[.:/_-]|[a-z][A-Z]", name):
            yield _Ask(call, name, "emit")
    for index in find(body, Index):  # type: ignore[arg-type]  # a list of statements
        name = _text(index.key)
        written = isinstance(index.parent, Assign) and index.parent.target is index
        if name and _is_table(module, index.object) and not written:
            how = _how(module, index)
            if how == "optional":
                yield _Ask(index, name, how)
            elif _is_refusal(module, index):
                yield _Ask(index, name, "refused")
    for test in find(body, Binary):  # type: ignore[arg-type]  # a list of statements
        name = _text(test.left) if test.op == "not in" else ""
        if name and _is_table(module, test.right):
            yield _Ask(test, name, "plain")


def _gets_by_helper(inquiry: Inquiry, module: Module, call: Call) -> bool:
    """Tell whether a helper of the tests runs what a table holds under its argument, or nothing at all."""
    helper: Node | None = definition(module, call.callee)
    origin = module.scopes.origin(call.callee)
    if helper is None and isinstance(origin, Member):
        made = module.scopes.origin(origin.object)
        helper = made_member(module, made, origin.name) if isinstance(made, Call) else None
    if isinstance(helper, Function):
        return is_test(helper.module.path) and passes_over(helper)
    return helper is None and call.name in runners(inquiry.project)  # of an object that a fixture hands over


def _emits(name: str) -> bool:
    said = words(name)
    return 0 < len(said) <= 2 and said[0] in _EMITS


def _text(expr: Expr | None) -> str:
    expr = strip(expr) if expr is not None else None
    return expr.value if isinstance(expr, Literal) and isinstance(expr.value, str) and len(expr.value) > 2 else ""


def _is_table(module: Module, expr: Expr) -> bool:
    expr = strip(expr)
    name = expr.id if isinstance(expr, Name) else expr.name if isinstance(expr, Member) else ""
    if name in _filled(module):
        return True
    if isinstance(expr, Member) and not _HOLDS.isdisjoint(words(name)):
        return _is_table(module, expr.object)  # desk.commands.table
    return not _TABLES.isdisjoint(words(name))


def _filled(module: Module) -> set[str]:
    """Return what a fake of the file calls the collections in which its ``register(name, run)`` keeps things."""
    return module.once("fundamentals.filled", lambda: set(_collections(module)))


def _collections(module: Module) -> Iterator[str]:
    for function in module.functions:
        params = [param.name for param in function.params if param.name not in ("self", "this")]
        if not (REGISTERING - {"set"}) & set(words(function.name)[:1]) or len(params) < 2:
            continue
        for index in find(function.body, Index):
            written = isinstance(index.parent, Assign) and index.parent.target is index
            if written and isinstance(key := strip(index.key), Name) and key.id in params:
                yield last_name(index.object)
        for call in find(function.body, Call):
            given = strip(call.args[0]) if call.args else None
            if call.name == "set" and call.receiver is not None and isinstance(given, Name) and given.id in params:
                yield last_name(call.receiver)


def _how(module: Module, expr: Expr) -> str:
    """Tell whether a missing value goes unnoticed: it is called with ``?.``, or only where it is there."""
    use = use_of(expr)
    if use.how == "called":
        return "optional" if isinstance(use.by, Call) and use.by.optional else "plain"
    if use.how == "receiver":
        return "optional" if isinstance(use.by, Member) and use.by.optional else "plain"
    if isinstance(use.by, Binary) and use.by.op == "and" and strip(use.by.left) is expr:
        return "optional"  # commands["a.b"] && commands["a.b"]()
    if isinstance(use.by, Assign) and isinstance(use.by.target, Name):
        return "optional" if _guarded(module, use.by) else "plain"
    return "plain"


def _guarded(module: Module, assign: Assign) -> bool:
    """Tell whether a name is tested, or called with ``?.``, after it was given the value."""
    function = function_of(assign)
    name = assign.target.id if isinstance(assign.target, Name) else ""
    if function is None:
        return False
    for call in find(function.body, Call):
        callee = strip(call.callee)
        if isinstance(callee, Name) and callee.id == name and call.optional:
            return True
    for test in find(function.body, If):
        if name in module.text_of(test.test):
            return True
    return f" if {name} " in module.text_of(function)


def _is_refusal(module: Module, asked: Expr) -> bool:
    """Tell whether a test waits for just the error that a look-up of nothing gives, or for any error at all."""
    use = use_of(asked)
    if use.how != "called":
        return False
    for around in ancestors(asked):
        if isinstance(around, With):
            for value, _target in around.items:
                if isinstance(value, Call) and value.name in ("raises", "assertRaises"):
                    kinds = {last_name(one) for arg in value.args[:1] for one in find(arg, Name)}
                    return bool(kinds & _OF_LOOKUP) and len(value.args) == 1 and not value.keywords
        if isinstance(around, Call) and around.name in ("rejects", "throws") and len(around.args) == 1:
            return module.language != "python"
    return False


def _denied(call: Call) -> bool:
    """Tell whether the answer is expected to be no: ``!commands.has(x)``, ``equal(commands.has(x), false)``."""
    parent = call.parent
    if isinstance(parent, Unary) and parent.op == "not":
        return True
    if isinstance(parent, Call):
        beside = [strip(arg) for arg in parent.args if arg is not call]
        if any(isinstance(arg, Literal) and arg.value is False for arg in beside):
            return True
        chain = parent.parent.parent if isinstance(parent.parent, Member) else None
        if parent.name == "expect" and isinstance(chain, Call):
            value = chain.arg(0)
            return chain.name == "toBeFalsy" or (isinstance(value, Literal) and value.value is False)
        return parent.name in ("assertFalse", "isFalse", "notOk", "false")
    return False

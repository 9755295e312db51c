"""API461: a test gives a coroutine, or holds a promise against something, and nobody waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import base_of, lineage
from reviewer.code.syntax import Call, Class, ExprStatement, Function, Member
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_PLAIN: Final = frozenset({"unittest.TestCase", "unittest.case.TestCase", "django.test.SimpleTestCase"})
"""Cases that call a test and look at nothing that it gives."""
_SET_UP: Final = frozenset({"setUp", "tearDown", "setUpClass", "tearDownClass"})
_LATER: Final = frozenset({"rejects", "resolves"})
_ASSERTS: Final = frozenset({"rejects", "doesNotReject"})
_CALLERS: Final = frozenset({"run", "debug", "runTest", "_callTestMethod"})


@module_check("API461", words={"case", "rejects", "resolves", "reject"})
def never_awaited_by_test(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class of tests that calls them plainly for coroutines, and at each claim about a promise."""
    if module.language == "python":
        for cls in module.classes:
            yield from _plain_case(module, cls)
    elif module.is_test:
        yield from _dropped_claims(module)


def _plain_case(module: Module, cls: Class) -> Iterator[Match]:
    base = next((one for one in cls.bases if _is_plain(module, one)), None)
    if base is None or any(method.name in _CALLERS for one in lineage(cls) for method in one.methods):
        return
    found = [method for method in cls.methods if method.asynchronous and _is_run(method) and not method.decorators]
    if found and not cls.decorators:
        yield Match(
            base,
            f"'{short(module.text_of(base))}' calls '{found[0].name}' and throws away the coroutine that it gives: "
            f"{'none of these tests' if len(found) > 1 else 'this test'} ever runs, and they pass whatever the code "
            "does.",
            related=((found[0], "never awaited"),),
        )


def _is_plain(module: Module, base: Expr) -> bool:
    """Tell whether a base of a class is a plain case, or a class of the subject that is one."""
    if module.resolve(base) in _PLAIN:
        return True
    known = base_of(module, base)
    return isinstance(known, Class) and any(
        one.module.resolve(top) in _PLAIN for one in lineage(known) for top in one.bases
    )


def _is_run(method: Function) -> bool:
    """Tell whether whoever runs the tests calls a method, before, after or as one of them."""
    return not method.generator and (method.name.startswith("test") or method.name in _SET_UP)


def _dropped_claims(module: Module) -> Iterator[Match]:
    for statement in module.all(ExprStatement):
        call = statement.value
        if not isinstance(call, Call) or function_of(call) is None:
            continue
        if _is_late_claim(call) or (call.name in _ASSERTS and _root(module, call) in ("assert", "assert.strict")):
            yield _claim(module, call)


def _root(module: Module, call: Call) -> str:
    return module.resolve(call.callee).rpartition(".")[0].replace("/", ".")


def _is_late_claim(call: Call) -> bool:
    """Tell whether a call claims something of what a promise will give: ``expect(work()).resolves.toBe(1)``."""
    held = call.receiver
    while isinstance(held, Member):
        if held.name in _LATER:
            return isinstance(held.object, Call) and held.object.name == "expect"
        held = held.object
    return False


def _claim(module: Module, call: Call) -> Match:
    return Match(
        call,
        f"'{short(module.text_of(call))}' gives a promise that nobody waits for: the test has passed before it knows, "
        "and passes whatever the code does.",
    )

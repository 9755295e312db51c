"""API496: what a contract says may be nothing is used as if it were always something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, exits, guarding_try, returns_of
from reviewer.code.reach.links import callee, declared_member
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assert,
    Assign,
    Binary,
    Call,
    Cast,
    Comprehension,
    Conditional,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Switch,
    Unary,
    While,
    is_nothing,
    strip,
)
from reviewer.code.walk import ancestors, find, function_of, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.api.types.declared import may_be_nothing
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.values import value_class
from reviewer.experts.place import locate
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_TESTS: Final = (If, While, Conditional, Binary, Unary, Assert, Switch, Comprehension)
_EXPECTED: Final = frozenset({"AttributeError", "TypeError", "Exception", "BaseException"})


@module_check("API496")
def answer_taken_for_granted(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each use of an answer that may be nothing for a question whether it is."""
    if module.is_test or is_tooling(module):
        return
    told: set[int] = set()
    for use, call in _uses(module):
        if call.start in told or not isinstance(function_of(use), Function):
            continue  # the first use tells of all
        target = _asked(module, call)
        if target is None or not may_be_nothing(target.returns) or not _may_give_nothing(target):
            continue
        if _is_known(module, use, call):
            continue
        told.add(call.start)
        if _makes_what_is_missing(target, call) or _told_what_instead(target, call):
            continue
        nothing = "None" if module.language == "python" else "undefined" if "undefined" in target.returns else "null"
        owned = not target.signature_only and module.language != "python"
        plain = bool(call.args) and all(isinstance(strip(one), Literal) for one in call.args)
        yield Match(
            use,
            f"'{short(module.text_of(call.callee))}' may give {nothing}, as its type says, and what it gives is used "
            "here without asking: where there is none this fails, far from whoever could say why.",
            related=((locate(target.module, target), "its type says so here"),),
            confidence=Confidence.POSSIBLE if owned or (plain and not target.signature_only) else None,
        )


def _may_give_nothing(target: Function) -> bool:
    """Tell whether a function has a way out that gives nothing, and does not only say so: ``-> str | None``."""
    if target.signature_only or not exits(target.body):
        return True
    for answer in returns_of(target):
        made = strip(answer.value) if answer.value is not None else None
        if made is None or is_nothing(made) or isinstance(made, Call | Conditional | Binary | Member | Index):
            return True
        bound = target.module.scopes.lookup(made.id, made) if isinstance(made, Name) else []
        if any(isinstance(one, Assign) and isinstance(strip(one.value or made), Call) for one in bound[:1]):
            return True
    return False


def _makes_what_is_missing(target: Function, call: Call) -> bool:
    """Tell whether a look-up makes what it does not find, and is told how: ``await Client.get(name, host=host)``."""
    maker = ("cls", "this", target.owner.name) if target.owner is not None else ()
    return bool(call.keywords) and any(one.name in maker for one in find(target.body, Call))


def _told_what_instead(target: Function, call: Call) -> bool:
    """Tell whether a look-up is told what to give where there is nothing: ``get_value(token, "")``."""
    for at, param in enumerate(target.params):
        given = call.arg(at, param.name) if param.name in ("default", "fallback", "otherwise") else None
        if given is not None and not is_nothing(strip(given)):
            return True
    return False


def _uses(module: Module) -> Iterator[tuple[Expr, Call]]:
    """Yield what takes an answer for granted, with the call that it is of."""
    if module.language == "python":
        for member in module.all(Member):
            call = _answer(module, member.object)
            if call is not None:
                yield member, call
        return
    for cast in module.all(Cast):
        call = _answer(module, cast.value) if cast.kind == "!" else None
        if call is not None:
            yield cast, call


def _answer(module: Module, held: Expr) -> Call | None:
    """Return the call that a value is the answer of: right there, or under a name that nobody asks about."""
    held = strip(held)
    if isinstance(held, Call):
        return held if not held.optional else None
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    only = bound[0] if len(bound) == 1 else None
    if not isinstance(only, Assign) or only.value is None or not isinstance(held, Name):
        return None
    made = strip(only.value)
    if not isinstance(made, Call) or made.optional or function_of(only) is not function_of(held):
        return None
    return made if not _is_asked_about(module, only, held) else None


def _is_asked_about(module: Module, made: Assign, held: Name) -> bool:
    """Tell whether anything asks whether a name holds something, or hands it to somebody who may."""
    function = function_of(made)
    if function is None:
        return True
    for use in find(function.body, Name):
        if use.id != held.id or use is made.target:
            continue
        above = use.parent
        if isinstance(above, _TESTS) or (isinstance(above, Member | Call) and above.optional):
            return True
        if isinstance(above, Call) and above.callee is not use and use.start < held.start:
            return True
    return False


def _asked(module: Module, call: Call) -> Function | None:
    """Return the function of the subject that a call runs, or what an interface promises under its name."""
    found = callee(module, call)
    if found is not None or call.receiver is None:
        return found
    owner = value_class(module, call.receiver)
    return declared_member(owner, call.name) if owner is not None else None


def _is_known(module: Module, use: Expr, call: Call) -> bool:
    """Tell whether a condition around speaks of the same thing, or a failure to find it is expected."""
    about = set(names_in(call.args)) - {"self", "this"}
    holder = module.text_of(call.receiver) if call.receiver is not None else ""
    for known in conditions(use):
        if about & set(names_in(known.test)) or any(
            _is_of(module, one, holder, call) for one in find(known.test, Call)
        ):
            return True
        if holder in ("this", "self") and any(is_this_member(one) for one in find(known.test, Member)):
            return True  # ``if not self.joined: return``
    around = guarding_try(use)
    if around is not None:
        kinds = {module.text_of(kind).rpartition(".")[2] for handler in around.handlers for kind in handler.types}
        if kinds & _EXPECTED or any(not handler.types for handler in around.handlers):
            return True
    return any(isinstance(one, Comprehension | Conditional) and _is_tested(one, about) for one in ancestors(use))


def _is_of(module: Module, one: Call, holder: str, call: Call) -> bool:
    """Tell whether a call in a condition asks the same object, or is the very question."""
    same = one.receiver is not None and module.text_of(one.receiver) == holder
    return same or module.text_of(one) == module.text_of(call)


def _is_tested(around: Node, about: set[str]) -> bool:
    tests = [around.test] if isinstance(around, Conditional) else getattr(around, "tests", [])
    return any(about & set(names_in(test)) for test in tests)

"""SEC003: where the rules can't be read, rules that allow stand in for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Call, Expr, Function, Handler, Literal, Member, Node, Object, Return, strip
from reviewer.code.text.ideas import GIVEN
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, statement_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, surroundings
from reviewer.experts.security.asked import asked
from reviewer.experts.security.deciding.decisions import decides, decision_functions
from reviewer.experts.security.deciding.everything import is_everything
from reviewer.experts.security.fails_open.permissive import grants
from reviewer.experts.security.vocabulary import ALLOWING, MANIFESTS, PERMISSION, TABLES, TRIGGERS, says

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RULES: Final = (PERMISSION | TABLES) - {"access", "right", "granting"}
_READS: Final = frozenset({"load", "read", "fetch", "open", "parse", "refresh", "reload"})
"""First words of what brings the rules that a class is about."""
_EFFECTS: Final = frozenset({"effect", "decision", "default", "fallback", "otherwise", "verdict", "outcome"})
"""Members of a rule or a policy that say what it answers."""
_GRANTED: Final = GIVEN | PERMISSION - {
    "access",
    "forbidden",
    "permission",
    "permissions",
    "perm",
    "perms",
    "policy",
    "policies",
}
"""Words of what somebody was granted, and of whoever keeps that."""
_YES: Final = ALLOWING - {"on", "true", "full", "public", "any", "admin", "owner", "root"}


@module_check("SEC003", words=TRIGGERS | {"effect", "rule"})
def error_opens_rules(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what stands in for rules in the handlers of what reads them."""
    if module.is_test:
        return
    for handler in module.all(Handler):
        function = function_of(handler)
        if function is None or decides(inquiry, module, function):
            continue
        reads = _about_rules(function)
        for node in walk(handler.body, into_functions=False):
            if (isinstance(node, Return) and reads) or (
                isinstance(node, Assign) and set(last_words(node.target)) & _RULES
            ):
                yield from _judged(inquiry, module, node.value)
            elif isinstance(node, Return | Assign) and (_held_around(function) or _holds(node)):
                yield from _asked_instead(module, node.value)
    for call in module.calls(("catch", "then")):
        by, around = call.arg(0 if call.name == "catch" else 1), function_of(call)
        if not isinstance(by, Function) or call.receiver is None:
            continue
        about = bool(path_words(call.receiver) & _RULES) or (around is not None and _about_rules(around))
        held = about or (around is not None and _held_around(around)) or _holds(statement_of(call))
        for answer in find(by.body, Return, into_functions=False) if held else ():
            yield from _judged(inquiry, module, answer.value) if about else _asked_instead(module, answer.value)


def _asked_instead(module: Module, value: Expr | None) -> Iterator[Match]:
    """Speak of what a plugin asks for itself, where it is given in place of what it was granted."""
    if value is not None and (wish := asked(module, value)) is not None:
        yield Match(
            value,
            f"Where what was granted can't be read, '{short(module.text_of(wish))}' takes its place: after an error "
            "the plugin grants itself what it asks for.",
        )


def _held_around(function: Function) -> bool:
    """Tell whether a function, or its class, is by its names about what somebody was granted."""
    return bool(surroundings(function) & _GRANTED)


def _holds(statement: Node | None) -> bool:
    """Tell whether a variable or a field is by its name what somebody was granted."""
    return isinstance(statement, Assign) and bool(set(last_words(statement.target)) & _GRANTED)


def _judged(inquiry: Inquiry, module: Module, value: Expr | None) -> Iterator[Match]:
    told = list(_asked_instead(module, value))
    if told:
        yield from told
        return
    if value is not None and (_allows(value) or _names_all(module, value) or is_everything(module, value)):
        yield Match(
            value,
            f"Where the rules can't be read, '{short(module.text_of(value))}' takes their place: an error opens what "
            "they keep closed.",
        )
        return
    made = strip(value) if value is not None else None
    if not isinstance(made, Object):
        return
    for name, holds in _flags(made):
        passed = _passes_by(inquiry, name, holds)
        if passed is not None:
            yield Match(
                made,
                f"Where the rules can't be read, '{name}' is {str(holds).lower()}, and '{passed.name}' says yes to "
                "all: an error opens what they keep closed.",
            )
            return


def _flags(made: Object) -> Iterator[tuple[str, bool]]:
    """Yield the members of an object that are a written yes or no."""
    for key, value in made.entries:
        inner = strip(value)
        if isinstance(key, Literal) and isinstance(inner, Literal) and isinstance(inner.value, bool):
            yield str(key.value), inner.value


def _passes_by(inquiry: Inquiry, flag: str, holds: bool) -> Function | None:
    """Return a decision that says yes by nothing but this member: ``if (!loaded.enforced) return true``."""
    for module in inquiry.project.modules(naming={flag}, tests=False):
        for function in decision_functions(inquiry, module):
            for answer in find(function.body, Return, into_functions=False):
                said = strip(answer.value) if answer.value is not None else None
                around = conditions(answer)
                if not isinstance(said, Literal) or said.value is not True or len(around) != 1:
                    continue
                test = strip(around[0].test)
                if isinstance(test, Member) and test.name == flag and around[0].holds is holds:
                    return function
    return None


def _about_rules(function: Function) -> bool:
    """Tell whether a function by its name gives rules or rights, and not what a plugin asks for."""
    said = words(function.name)
    if not _READS.isdisjoint(said[:1]) and function.owner is not None:
        said = (*said, *words(function.owner.name))  # class Permissions { load() { … } }
    return not _RULES.isdisjoint(said) and MANIFESTS.isdisjoint(said)


def _allows(value: Expr) -> bool:
    """Tell whether a rule or a policy that says yes stands somewhere in a value."""
    for part in walk(value, into_functions=False):
        said: list[tuple[str, Expr]] = []
        if isinstance(part, Object):
            said = [(str(key.value), one) for key, one in part.entries if isinstance(key, Literal)]
        elif isinstance(part, Call):
            said = list(part.keywords.items())
        if any(set(words(name)) & _EFFECTS and _is_yes(one) for name, one in said):
            return True
    return False


def _is_yes(value: Expr) -> bool:
    value = strip(value)
    return says(value, _YES) or (isinstance(value, Literal) and value.value is True)


def _names_all(module: Module, value: Expr) -> bool:
    """Tell whether a value is a constant that stands for everything, or a list of one star."""
    made = strip(value)
    return not isinstance(made, Object | Literal) and grants(made)

"""SEC001: a permission decision that says yes when the look-up found nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Binary, Call, Expr, For, Function, If, Literal, Name, Return, uncast
from reviewer.code.text.words import words
from reviewer.code.walk import find, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, said_in
from reviewer.experts.security.deciding.decisions import decides, decision_functions
from reviewer.experts.security.deciding.verdicts import says_no, says_yes
from reviewer.experts.security.fails_open.lookups import LookUp, Scene, look_ups, returns_in
from reviewer.experts.security.fails_open.open_ends import folded_from_yes, open_ends, starting_as_yes
from reviewer.experts.security.fails_open.open_lists import open_lists
from reviewer.experts.security.fails_open.permissive import permissive_defaults
from reviewer.experts.security.vocabulary import ANSWERING, PERMISSION, REFUSING, says

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry


_CHECKERS: Final = frozenset({"guards", "guard", "validators", "interceptors"})
"""Words of what refuses by itself: where none was put up, nobody has to be refused."""
_REFUSED: Final = frozenset("unsafe insecure dangerous forbidden denied banned blocked denylist blocklist".split())
"""Words of what is looked for to be refused: where it is not found, all is well."""
_OF_CODE: Final = frozenset({"variable", "variables", "identifier", "declaration"})
"""Words of what a program is made of, of which nobody has rights."""
_NO_SUBJECTS: Final = frozenset({"schema", "seen", "visited"})
_OF_USE: Final = frozenset({"rate", "limit", "limits", "quota", "budget", "pace", "throttle", "cooldown", "capacity"})
"""Words of a question how much somebody has used, and not what he may."""
_NARROWS: Final = frozenset({"filter", "filters", "query", "criteria", "search"})
"""Last words of what says which of many are looked for."""


@module_check("SEC001", words=ANSWERING)
def unknown_allowed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Play every decision through with each of its look-ups finding nothing."""
    if module.is_test:
        return
    spoken = {id(found.at) for found in permissive_defaults(inquiry, module)}
    spoken |= {id(found.at) for found in open_lists(inquiry, module)}
    for function in decision_functions(inquiry, module):
        seen: set[int] = set()
        for look_up in look_ups(module, function):
            narrows = () if isinstance(uncast(look_up.first), Call) else last_words(look_up.first)[-1:]
            if narrows and set(narrows) <= _NARROWS:
                continue  # where nothing narrows a search, everything is found
            if _of_shape(function) or _asks_kind(function, look_up) or _finds_a_time(module, function, look_up):
                continue
            if not _CHECKERS.isdisjoint(last_words(look_up.first)) or _seeks_refused(module, look_up):
                continue
            if not _OF_CODE.isdisjoint(last_words(look_up.first)[-1:]):
                continue
            yield from _answers(module, function, look_up, seen, spoken)
        yield from _after_loop(module, function, seen)
        for place, why in open_ends(module, function):
            if id(place) not in seen | spoken:
                seen.add(id(place))
                yield Match(place, f"'{function.name}' {why}.")
    for function in module.functions:
        for first in starting_as_yes(module, function, decides=decides(inquiry, module, function)):
            yield Match(
                first, f"The answer of '{function.name}' starts as yes: where no rule matches, everything is allowed."
            )
    for call in folded_from_yes(module):
        yield Match(call, "The answer starts as yes: where no rule matches, everything is allowed.")


def _of_shape(function: Function) -> bool:
    """Tell whether it is asked what a schema lets through, or a graph leads to, and nobody's right.

    ``allowsInteger(schema)``, ``mayReach(target, name, seen)``
    """
    if not _OF_USE.isdisjoint(words(function.name)):
        return True  # whoever has used nothing yet is within every limit
    return any(not _NO_SUBJECTS.isdisjoint(words(param.name)) for param in function.params)


def _finds_a_time(module: Module, function: Function, look_up: LookUp) -> bool:
    """Tell whether what is found is since when something rests: ``now() - since < COOL_MS`` lets all others pass."""
    for part in find(function.body, Binary):
        for side in (uncast(part.left), uncast(part.right)) if part.op == "-" else ():
            made = module.scopes.origin(side) if isinstance(side, Name) else side
            if module.text_of(side) == look_up.text or (
                isinstance(made, Expr) and module.text_of(made) == look_up.text
            ):
                return True
    return False


def _seeks_refused(module: Module, look_up: LookUp) -> bool:
    """Tell whether what is looked for is what would be refused: ``values.find((one) => UNSAFE.has(one))``."""
    made = module.scopes.origin(look_up.first)
    return not _REFUSED.isdisjoint(said_in([look_up.first, *([made] if isinstance(made, Expr) else [])]))


def _asks_kind(function: Function, look_up: LookUp) -> bool:
    """Tell whether it is only asked whether the one thing that is told has the right form: ``isPermsList(list)``."""
    asked = uncast(look_up.first)
    if len(function.params) != 1 or not isinstance(asked, Name) or asked.id != function.params[0].name:
        return False
    return any(
        call.name in ("isArray", "isinstance") and asked.id in names_in(call.args)
        for answer in returns_in(function)
        for call in find(answer, Call)
    )


def _answers(module: Module, function: Function, look_up: LookUp, seen: set[int], spoken: set[int]) -> Iterator[Match]:
    scene = Scene(module, look_up)
    for node in returns_in(function):
        value = node.value
        if value is None or id(node) in seen or id(node) in spoken:
            continue
        yes, caused = scene.says_yes(value)
        if not yes:
            continue
        reached, led = scene.reaches(node)
        if not reached or not (caused or led) or _defaulted(value, look_up, spoken) or _asked_elsewhere(node):
            continue
        seen.add(id(node))
        yield Match(_decided_at(module, node), _message(module, function, look_up, node, caused))


def _decided_at(module: Module, answer: Return) -> Node:
    """Return where an answer is worked out that has a name before it is given: ``const open = …; return open;``."""
    value = uncast(answer.value) if answer.value is not None else None
    bound = module.scopes.lookup(value.id, value) if isinstance(value, Name) else []
    return bound[0] if len(bound) == 1 and isinstance(bound[0], Assign) else answer


def _asked_elsewhere(answer: Return) -> bool:
    """Tell whether an answer is given only where somebody else who decides says yes: ``permissions.can(who, what)``."""
    return any(
        one.holds
        and isinstance(one.test, Call)
        and words(one.test.name)[:1] in (("can",), ("may",), ("allows",), ("permits",))
        and one.test.receiver is not None
        and bool(PERMISSION & path_words(one.test.receiver))
        for one in conditions(answer)
    )


def _defaulted(value: Expr, look_up: LookUp, spoken: set[int]) -> bool:
    """Tell whether a permissive default decides here, of which another rule speaks."""
    places = [*walk(value), look_up.first, *([look_up.first.parent] if look_up.first.parent else [])]
    grand = look_up.first.parent.parent if look_up.first.parent else None
    return any(id(node) in spoken for node in places) or id(grand) in spoken


def _message(module: Module, function: Function, look_up: LookUp, node: Return, caused: bool) -> str:
    text = short(look_up.text)
    if not caused or isinstance(node.value, Literal):
        return f"'{function.name}' answers yes where '{text}' finds nothing: whoever has no entry is allowed."
    answer = short(module.text_of(node.value)) if node.value is not None else ""
    return f"Where '{text}' finds nothing, '{answer}' is true: whoever has no entry in '{function.name}' is allowed."


def _after_loop(module: Module, function: Function, seen: set[int]) -> Iterator[Match]:
    """Find ``return true`` behind a loop over rules in which none matched."""
    body = function.body
    if len(body) < 2 or not isinstance(body[-1], Return) or id(body[-1]) in seen:
        return
    last = body[-1]
    loops = [statement for statement in body[:-1] if isinstance(statement, For)]
    if not loops or not says_yes(last.value):
        return
    for loop in loops:
        inner = [node for node in find(loop.body, Return, into_functions=False) if node.value is not None]
        if any(not _is_no(node.value) and not says_yes(node.value) for node in inner) or (
            inner and all(_is_no(node.value) for node in inner) and _refuses_by_word(loop)
        ):
            seen.add(id(last))
            yield Match(
                last,
                f"'{function.name}' answers yes where no rule of the loop above matched: what nobody ruled on is "
                "allowed.",
            )
            return


def _refuses_by_word(loop: For) -> bool:
    """Tell whether the loop looks for entries that refuse, not for missing grants."""
    for test in find(loop.body, If, into_functions=False):
        for part in walk(test.test, into_functions=False):
            if (
                isinstance(part, Binary)
                and part.op == "=="
                and (says(part.left, REFUSING) or says(part.right, REFUSING))
            ):
                return True
    return False


def _is_no(value: Expr | None) -> bool:
    value = uncast(value) if value is not None else None
    if isinstance(value, Literal):
        return value.value is False or value.value is None or says(value, REFUSING)
    return says_no(value)

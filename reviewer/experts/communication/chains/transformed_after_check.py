"""COM501: what was checked is changed by plugins afterwards, and what they made of it is carried out unchecked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import exits
from reviewer.code.reach.links import callee, definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Comprehension,
    Expr,
    ExprStatement,
    For,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Throw,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, inside, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.acting import is_taken_in
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.place import locate_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CHECKS: Final = word_set(
    "check checks validate validates validator valid verify verifies authorize authorise authorizes authorises "
    "authorized authorised authorization assert ensure require requires demand guard enforce inspect inspects scan vet "
    "permit permits permitted allow allows allowed may can forbid preflight admit admits screen audit policy approve "
    "limit limits covers safe"
)
"""Words of a question that decides whether something is carried out."""
_FIRST: Final = _CHECKS - word_set("can may safe limit covers audit policy valid")
"""Those that as the first word of a statement say that it throws where the answer is no."""
_FOLDS: Final = frozenset({"reduce", "reduceRight"})
_HOOKS: Final = word_set("hook hooks filters transforms transformers waterfall rewriters interceptors")
_PLAIN: Final = frozenset(
    "len str int repr dict list tuple String Number Boolean stringify dumps structuredClone deepcopy copy freeze "
    "assign isinstance type log debug info warn warning error exception trace format push append get keys values items "
    "entries Error resolve print join".split()
)
"""Calls that do nothing with what they are handed, or only tell of it."""
_DEEPEST: Final = 2


class _Change(Struct, frozen=True):
    """Where what plugins made of something gets its name: ``made`` is that name, ``of`` the names of what it was."""

    at: Node
    made: str
    of: frozenset[str]


@module_check("COM501", words=_CHECKS)
def transformed_after_check(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that has plugins change what it carries out, for what was asked before and not after."""
    if module.is_test:
        return
    for function in module.functions:
        if function.signature_only or not function.params:
            continue
        change = next(_changes(module, function), None)
        if change is not None:
            yield from _unchecked(module, function, change)
        yield from _behind_chain(module, function)


def _unchecked(module: Module, function: Function, change: _Change) -> Iterator[Match]:
    """Compare what is asked before a change with what is asked behind it."""
    asked = [one for one in _checks(module, function, change.of) if one.start < change.at.start]
    if not asked or any(one.start >= change.at.start for one in _checks(module, function, {change.made}, loosely=True)):
        return
    carried = next(
        (one for one in calls_in(function.body) if one.start > change.at.stop and _carries(module, one, change.made)),
        None,
    )
    if carried is None:
        return
    sure = any(isinstance(one, Call) or _compares(one, change.of) for one in asked)
    yield Match(
        locate_bytes(module, change.at.raw.start_byte, carried.raw.end_byte),
        f"'{change.made}' is what plugins made of what was checked: they may have changed just what "
        f"'{module.text_of(asked[0].callee)[:60] if isinstance(asked[0], Call) else 'the test'}' asked about, and "
        f"'{module.text_of(carried.callee)[:60]}' carries it out.",
        related=((asked[0], "checked here, before the change"), (carried, "carried out here")),
        confidence=None if sure else Confidence.POSSIBLE,
    )


def _changes(module: Module, function: Function, depth: int = 0) -> Iterator[_Change]:
    """Yield where a function gives a name to what others made of what it was told."""
    for node in find(function.body, Assign, into_functions=False):
        if not isinstance(node.target, Name) or node.value is None:
            continue
        told = _told(module, function, node.value, depth)
        if told is None:
            continue
        if node.target.id in told:
            told = {node.target.id}  # value = hook(name, value): the rest only says what it is about
        at = next((one for one in ancestors(node) if isinstance(one, For | While)), node)
        yield _Change(at, _goes_on_as(function, node), frozenset(_aliases(function, told, node)))


def _goes_on_as(function: Function, given: Assign) -> str:
    """Return the name that a result ends up under: ``message`` of ``if (changed) message = changed``."""
    name = given.target.id if isinstance(given.target, Name) else ""
    for node in find(function.body, Assign, into_functions=False):
        value = strip(node.value) if node.value is not None else None
        if node is not given and isinstance(value, Name) and value.id == name and isinstance(node.target, Name):
            return node.target.id
    return name


def _told(module: Module, function: Function, value: Expr, depth: int) -> set[str] | None:
    """Return the names of what is handed to plugins for change in a value; None where it is none of theirs."""
    for call in find(value, Call):
        names = names_in(call.args) | names_in(call.keywords.values())
        if call.name in _FOLDS and _folds(module, call):
            return names | (names_in(call.receiver) if call.receiver is not None else set())
        looped = any(isinstance(one, For | While | Comprehension) for one in ancestors(call))
        if looped and names and is_taken_in(module, call, function):
            return names
        hooked = path_words(call.callee) & _HOOKS and call.receiver is not None
        if hooked and names and call.name not in _PLAIN | {"filter", "map", "find"}:
            return names
        target = callee(module, call) if depth < _DEEPEST else None
        if target is None or target is function or not names or not any(True for _ in find(target.body, Return)):
            continue
        change = next(_changes(target.module, target, depth + 1), None)
        folded = any(
            isinstance(strip(one.value), Call) and _told(target.module, target, one.value, depth + 1)
            for one in find(target.body, Return, into_functions=False)
            if one.value is not None
        )
        if folded:
            return names
        if change is not None and _gives(target, change.made):
            return _handed_as(call, target, change.of) or names
    return None


def _handed_as(call: Call, target: Function, of: frozenset[str]) -> set[str]:
    """Return the names of what a call hands over as one of these parameters."""
    given = [call.arg(at, param.name) for at, param in enumerate(target.params) if param.name in of]
    return {name for one in given if one is not None for name in names_in(one)}


def _gives(function: Function, name: str) -> bool:
    return any(
        one.value is not None and name in names_in(one.value)
        for one in find(function.body, Return, into_functions=False)
    )


def _folds(module: Module, call: Call) -> bool:
    """Tell whether a fold hands a value from one function of others to the next: ``reduce((x, f) => f(x), job)``."""
    folding = next((one for one in (strip(arg) for arg in call.args) if isinstance(one, Function)), None)
    if folding is None or len(folding.params) < 2:
        return False
    made, each = folding.params[0].name, folding.params[1].name
    return any(each and each in names_in(one.callee) and made in names_in(one.args) for one in calls_in(folding.body))


def _aliases(function: Function, names: set[str], given: Assign) -> set[str]:
    """Return names, and those of what a variable was given before: ``call`` of ``let current = call``."""
    found = set(names)
    target = given.target.id if isinstance(given.target, Name) else ""
    for node in find(function.body, Assign, into_functions=False):
        if node is given:
            continue
        if isinstance(node.target, Name) and node.target.id in names | {target} and node.value is not None:
            value = strip(node.value)
            if isinstance(value, Name):
                found.add(value.id)
            elif not isinstance(value, Literal):
                found |= names_in(value) & {param.name for param in function.params}
    return found


def _checks(
    module: Module, function: Function, about: set[str] | frozenset[str], *, loosely: bool = False
) -> Iterator[Node]:
    """Yield what refuses what is named so; ``loosely`` also what only may."""
    for node in walk(function.body, into_functions=loosely):
        if isinstance(node, Call):
            said = set(words(node.name)) & _CHECKS
            if not (names_in(node.args) | names_in(node.keywords.values())) & about:
                continue
            if (said and (loosely or _decides(module, node))) or (_throws(module, node) and _is_alone(node)):
                yield node
        elif (
            isinstance(node, If) and names_in(node.test) & about and (_ends(node) if loosely else _says_no(node, about))
        ):
            yield node


def _ends(test: If) -> bool:
    return exits(test.body)


def _says_no(test: If, about: set[str] | frozenset[str]) -> bool:
    """Tell whether a statement throws because of a part of what is named so; calls are looked at by themselves."""
    thrown = any(isinstance(one, Throw) for one in test.body) and any(True for _ in find(test.test, Member))
    return thrown and not _asks_by_call(test, about)


def _asks_by_call(test: If, about: set[str] | frozenset[str]) -> bool:
    return any(set(words(one.name)) & _CHECKS and names_in(one.args) & about for one in calls_in(test.test))


def _compares(test: Node, about: frozenset[str]) -> bool:
    """Tell whether a condition holds a part of something against another: more than whether it is there."""
    return isinstance(test, If) and any(
        one.op in ("<", ">", "<=", ">=", "in", "not in")
        and names_in(one) & about
        and not isinstance(strip(one.right), Literal)
        for one in find(test.test, Binary)
    )


def _is_alone(call: Call) -> bool:
    around = call.parent
    return isinstance(around.parent if isinstance(around, Await) else around, ExprStatement)


def _throws(module: Module, call: Call) -> bool:
    """Tell whether a call runs a function of the subject that does little more than to throw where it may not go on."""
    target = callee(module, call)
    return target is not None and any(
        isinstance(one, Throw) for test in find(target.body, If, into_functions=False) for one in test.body
    )


def _decides(module: Module, call: Call) -> bool:
    """Tell whether somebody is refused because of a call: it stands alone and throws, or a no ends the function."""
    if _is_alone(call):
        return bool(set(words(call.name)[:1]) & _FIRST) or _throws(module, call)
    kept = next((one for one in ancestors(call) if isinstance(one, Assign | If | Function)), None)
    if isinstance(kept, If):
        return inside(call, kept.test) and exits(kept.body)
    if isinstance(kept, Assign) and isinstance(kept.target, Name):
        around = next((one for one in ancestors(call) if isinstance(one, Function)), None)
        name = kept.target.id
        tests = find(around.body, If, into_functions=False) if around is not None else ()
        return any(name in names_in(test.test) and exits(test.body) for test in tests)
    return False


def _carries(module: Module, call: Call, name: str) -> bool:
    """Tell whether a call does something with what has a name."""
    if call.name in _PLAIN or call.new or name not in names_in(call.args) | names_in(call.keywords.values()):
        return False
    return not set(words(call.name)) & _CHECKS


def _behind_chain(module: Module, function: Function) -> Iterator[Match]:
    """Find the last step of a chain of plugins that acts at once, where only what goes in at the front was checked."""
    names = {param.name for param in function.params if param.name}
    asked = next(_checks(module, function, names), None) if names else None
    if asked is None:
        return
    for call in calls_in(function.body, into_functions=False):
        if call.start < asked.start or not names_in(call.args) & names or not isinstance(strip(call.callee), Name):
            continue
        made = module.scopes.origin(strip(call.callee))
        if not isinstance(made, Call) or made.name not in _FOLDS or len(made.args) < 2 or not _folds(module, made):
            continue
        last = definition(module, made.args[-1])
        if not isinstance(last, Function) or not last.params:
            continue
        told = {param.name for param in last.params}
        acts = next((one for one in calls_in(last.body) if _carries(module, one, last.params[0].name)), None)
        if acts is not None and next(_checks(module, last, told, loosely=True), None) is None:
            yield Match(
                last,
                f"This runs behind the steps of plugins, which may have changed what was checked before the first of "
                f"them: '{module.text_of(acts.callee)[:60]}' carries out what nobody looked at.",
                related=((asked, "checked here, before the chain"),),
            )

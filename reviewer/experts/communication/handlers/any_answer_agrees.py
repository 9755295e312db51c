"""COM055: votes are only looked through for a plain no, so that any other answer, or none, agrees."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.call_sites import calls_here
from reviewer.code.syntax import (
    Await,
    Binary,
    Call,
    Comprehension,
    Expr,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.acting import is_taken_in
from reviewer.experts.communication.handlers.failure_is_consent import AGREES, OBJECTS
from reviewer.experts.communication.handlers.settled_votes import asked_together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_DECIDES: Final = (
    AGREES
    | OBJECTS
    | frozenset(
        "may can cleared approved allowed permitted agreed accepted vote votes voted veto vetoes ballot ballots "
        "carried consent consents guard guards interlock interlocks held approvals".split()
    )
)
"""Words of a function that answers whether something may be done."""
_NO: Final = frozenset(
    "no deny denied veto vetoed reject rejected refuse refused block blocked hold stop false".split()
)
_GATHERS: Final = frozenset({"all", "allSettled", "gather", "map", "list", "from"})
_TRUTH: Final = frozenset({"bool", "Boolean"})
_MOST: Final = 10


@module_check("COM055", words=_DECIDES)
def any_answer_agrees(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each count of what others answered for what it takes for a yes."""
    if module.is_test:
        return
    for count in module.calls(("some", "every", "filter", "any", "all")):
        found = _only_no_counts(module, count)
        if found is not None and _decides(module, count) and not _is_settled(module, count):
            yield Match(
                count,
                f"Only '{module.text_of(found)[:60]}' is a no here: one that fails, comes too late, or answers "
                "says anything else is taken to agree.",
                confidence=Confidence.LIKELY,
            )
    for node in module.some(Binary, Call):
        votes = _sought_no(node)
        if votes is not None and _are_votes(module, votes) and _decides(module, node):
            yield Match(
                node,
                f"Only a plain no among '{module.text_of(votes)[:60]}' is one: a vote that fails, comes too late, or "
                "says anything else is taken to agree.",
                confidence=Confidence.LIKELY,
            )
    for call in module.calls(_TRUTH):
        asked = _asked(module, strip(call.args[0])) if len(call.args) == 1 else None
        if asked is not None and _decides(module, call) and not _is_list(asked):
            yield Match(
                call,
                f"Whatever '{module.text_of(asked.callee)[:60]}' answers that is not empty is a yes here, also the "
                "text 'no'.",
                fix="Take nothing but true for a yes: ask whether the answer is True itself.",
                confidence=Confidence.LIKELY,
            )


def _sought_no(node: Node) -> Expr | None:
    """Return the votes among which a no is sought, and whose lack is a yes: ``"reject" not in answers``."""
    if isinstance(node, Binary) and node.op == "not in":
        return node.right if _is_no(node.left) else None
    if isinstance(node, Call) and node.name == "includes" and node.args and _is_no(node.args[0]):
        turned = isinstance(node.parent, Unary) and node.parent.op == "not"
        return node.receiver if turned else None
    return None


def _is_no(said: Expr) -> bool:
    value = strip(said)
    told = value.value if isinstance(value, Literal) else None
    return told is False or (isinstance(told, str) and bool(set(words(told)) & _NO))


def _is_settled(module: Module, count: Call) -> bool:
    """Tell whether the look at votes that were waited for together says the same of this function."""
    around = function_of(count)
    settled = (one for one in module.calls(("allSettled", "gather")) if function_of(one) is around)
    return any(asked_together(one) is not None for one in settled)


def _only_no_counts(module: Module, count: Call) -> Expr | None:
    """Return the test by which votes are looked through for a no, where what is none lets the matter through."""
    if count.receiver is not None:
        votes, each = count.receiver, strip(count.args[0]) if count.args else None
        if not isinstance(each, Function) or not each.body or not isinstance(each.body[-1], Return):
            return None
        test = each.body[-1].value
    else:
        made = strip(count.args[0]) if count.args else None
        if not isinstance(made, Comprehension) or made.tests or not made.clauses:
            return None
        votes, test = made.clauses[0][1], made.element
    if test is None or not _are_votes(module, votes):
        return None
    denies = _denies(strip(test))
    if denies is None:
        return None
    wanted, negative = denies
    if negative:
        return wanted if count.name in ("every", "all") or (count.name == "filter" and _is_counted(count)) else None
    return wanted if count.name in ("some", "any") and _is_turned(module, count) else None


def _denies(test: Expr) -> tuple[Expr, bool] | None:
    """Return the comparison of a vote with a no, and whether it asks that the vote be none."""
    for part in (test, *find(test, Binary)):
        if not isinstance(part, Binary) or part.op not in ("==", "!=", "is", "is not"):
            continue
        said = next((one for side in (part.left, part.right) if isinstance(one := strip(side), Literal)), None)
        if said is not None and _is_no(said):
            return part, part.op in ("!=", "is not")
    return None


def _are_votes(module: Module, votes: Expr) -> bool:
    """Tell whether something are the answers of others that were asked one by one."""
    if _are_put_together(module, strip(votes)):
        return True
    held = module.scopes.origin(strip(votes))
    for _ in range(4):
        if isinstance(held, Await):
            held = held.value
        elif isinstance(held, Call) and held.name in _GATHERS:
            asking: list[Function | Comprehension] = [*find(held, Function), *find(held, Comprehension)]
            if any(_asks_each(module, one) for one in asking):
                return True
            inner = held.args[0] if held.args else held.receiver
            held = module.scopes.origin(strip(inner)) if inner is not None else None
        else:
            break
    return isinstance(held, Comprehension) and _asks_each(module, held)


def _are_put_together(module: Module, votes: Expr) -> bool:
    """Tell whether a list of a function is filled with what others answer: ``answers.append(await check(build))``."""
    function = function_of(votes)
    if not isinstance(votes, Name) or function is None:
        return False
    return any(
        is_taken_in(module, asked, function)
        for call in calls_in(function.body, into_functions=False)
        if call.name in ("append", "push") and call.receiver is not None and module.text_of(call.receiver) == votes.id
        for asked in calls_in(call.args)
    )


def _asks_each(module: Module, each: Function | Comprehension) -> bool:
    """Tell whether a function, or a comprehension, calls what it is given, or hands it to what asks it."""
    if isinstance(each, Function):
        given = {name for one in each.params[:1] for name in (one.name, *one.fields.values()) if name}
    else:
        given = {name for target, _over in each.clauses for name in names_in(target)}
    return any((names_in(call.callee) | names_in(call.args)) & given for call in calls_in(each))


def _is_counted(call: Call) -> bool:
    """Tell whether only the number of what is left is asked for: ``filter(…).length > half``."""
    around = call.parent
    return isinstance(around, Member) and around.name == "length"


def _is_turned(module: Module, count: Call) -> bool:
    """Tell whether a no ends the matter, and all else lets it through: ``return !held``."""
    around = count.parent
    if isinstance(around, Unary) and around.op == "not":
        return True
    function = function_of(count)
    target = getattr(around, "target", None)
    if function is None:
        return False
    if isinstance(target, Name):
        return any(
            isinstance(one.parent, Unary) and one.parent.op == "not"
            for one in find(function.body, Name)
            if one.id == target.id and one is not target
        )
    return isinstance(around, If) and around.test is count and any(isinstance(one, Return) for one in around.body)


def _asked(module: Module, value: Expr) -> Call | None:
    """Return the call of somebody else's function that gave a value."""
    made = module.scopes.origin(value) if isinstance(value, Name) else value
    while isinstance(made, Await):
        made = strip(made.value)
    function = function_of(made) if isinstance(made, Call) else None
    if not isinstance(made, Call) or function is None:
        return None
    if is_taken_in(module, made, function):
        return made
    root = strip(made.callee)
    while isinstance(root, Member):
        root = strip(root.object)
    bound = module.scopes.lookup(root.id, root) if isinstance(root, Name) else []
    loaded = [getattr(one, "value", None) for one in bound]
    return made if any(isinstance(one, Call) and one.name in ("load", "import_module") for one in loaded) else None


def _is_list(asked: Call) -> bool:
    """Tell whether a call brings many, of which there are some or none: ``bool(store.fetch_shared(…))``."""
    said = words(asked.name)
    return said[:1] in (("fetch",), ("list",), ("find",), ("collect",)) and said[-1:][0].endswith("s")


def _decides(module: Module, node: Node) -> bool:
    """Tell whether a count answers, by the name of its function or of one that asks it, whether something may be."""
    function = function_of(node)
    while function is not None and not function.name and function.outer is not None:
        function = function.outer
    if function is None:
        return False
    if set(words(function.name)) & _DECIDES:
        return True
    for call in islice(calls_here(module, function), _MOST):
        around = function_of(call)
        if around is not None and around is not function and set(words(around.name)) & _DECIDES:
            return True
    return False

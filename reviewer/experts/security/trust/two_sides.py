"""Which of two ways holds a guest back and which one doesn't: by what the code on each side does, whatever it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Binary,
    Call,
    Class,
    Comprehension,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Throw,
    strip,
)
from reviewer.code.walk import find, walk
from reviewer.core.regex import regex
from reviewer.experts.registry.verification import is_load, is_verification

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

LAUNCHES: Final = frozenset({"Worker", "fork", "spawn", "Popen", "create_subprocess_exec", "Process"})
"""Calls that give a guest a process or a thread of its own."""
INSIDE: Final = frozenset({"require", "import", "import_module", "exec_module", "run_path"})
"""Calls that run code where the host itself runs."""
_DEEPEST: Final = 2
"""Functions of the subject that a call is followed into."""
_ASKS: Final = frozenset({"has", "includes", "get"})
_COPIES: Final = frozenset({"dict", "copy", "assign", "MappingProxyType"})
_A_RIGHT: Final = regex(r"^[a-z][\w-]*[.:/][\w.:/*-]+$")
"""How a right is spelled: what it is of, and what may be done."""


def launches(module: Module, part: Node, depth: int = _DEEPEST) -> bool:
    """Tell whether a call gives a guest a process or a thread of its own, itself or in a function of the subject."""
    if not isinstance(part, Call):
        return False
    if part.name in LAUNCHES:
        return True
    target = definition(module, part.callee) if depth else None
    if isinstance(target, Class):
        target = target.method("constructor") or target.method("__init__")
    if not isinstance(target, Function):
        return False
    return any(launches(target.module, one, depth - 1) for one in find(target.body, Call))


def runs_inside(module: Module, part: Node, depth: int = _DEEPEST) -> bool:
    """Tell whether a call runs code in the host's own process, itself or in a function of the subject."""
    if not isinstance(part, Call):
        return False
    if part.name in INSIDE:
        return not isinstance(part.callee, Member) or part.name in ("import_module", "exec_module", "run_path")
    target = definition(module, part.callee) if depth else None
    if isinstance(target, Class):
        target = target.method("constructor") or target.method("__init__")
    if not isinstance(target, Function):
        return False
    return any(runs_inside(target.module, one, depth - 1) for one in find(target.body, Call))


def one_is_narrower(module: Module, free: Sequence[Node], back: Sequence[Node]) -> bool:
    """Tell whether one way gives what refuses nothing, or a thing whole, and the other what refuses, or parts of it."""
    return _one_refuses(module, free, back) or _one_picks(free, back) or _one_verifies(module, free, back)


def keyed_by_claim(module: Module, table: Expr) -> bool:
    """Tell whether the entries of a table differ in how far they hold a guest back.

    ``{ open: run, tight: (file) => fork(file) }``, ``{ guest: ["notes.read"], house: ["notes.read", "notes.write"] }``.
    """
    made = module.scopes.origin(table)
    if isinstance(made, Call) and made.name == "Map" and made.args and isinstance(strip(made.args[0]), Array):
        pairs = [strip(one) for one in getattr(strip(made.args[0]), "items", [])]
        values = [strip(one.items[1]) for one in pairs if isinstance(one, Array) and len(one.items) == 2]
    elif isinstance(made, Object):
        values = [strip(value) for key, value in made.entries if key is not None]
    else:
        return False
    if len(values) < 2:
        return False
    runs = [_runs_aside(module, value) for value in values]
    if None not in runs:
        return any(runs) and not all(runs)
    return _rights_grow(module, values)


def _runs_aside(module: Module, value: Expr) -> bool | None:
    """Tell whether a function starts a process or a thread; None where a value is no function that is seen."""
    target = value if isinstance(value, Function | Class) else definition(module, value)
    if isinstance(target, Class):
        bodies: list[Node] = [one for method in target.methods for one in method.body]
    elif isinstance(target, Function):
        bodies = list(target.body)
    else:
        return None
    return any(launches(target.module, one, 1) for one in find(bodies, Call))


def _rights_grow(module: Module, values: list[Expr]) -> bool:
    """Tell whether the values are lists of rights of which one has all that another has, and more."""
    lists = []
    for value in values:
        made = module.scopes.origin(value)
        if isinstance(made, Call) and made.args:
            made = strip(made.args[0])  # a set of them
        if not isinstance(made, Array):
            return False
        lists.append({str(item.value) for item in map(strip, made.items) if isinstance(item, Literal)})
    spelled = set().union(*lists)
    if not spelled or not all(_A_RIGHT.search(one) for one in spelled):
        return False
    return any(one < other for one in lists for other in lists)


def _one_refuses(module: Module, free: Sequence[Node], back: Sequence[Node]) -> bool:
    """Tell whether both ways make or call something of the subject, and exactly one of those refuses some requests."""
    asked = []
    for side in (free, back):
        made = [(call, definition(module, call.callee)) for call in find(list(side), Call)]
        targets = [target for _call, target in made if isinstance(target, Function | Class)]
        if len(targets) != 1:
            return False
        asked.append(targets[0])
    return asked[0] is not asked[1] and _refuses_some(asked[0]) is not _refuses_some(asked[1])


def _one_verifies(module: Module, free: Sequence[Node], back: Sequence[Node]) -> bool:
    """Tell whether both ways run or take in the same, and only one of them verifies it first."""
    verified = [any(is_proof(module, one) for one in find(list(side), Call)) for side in (free, back)]
    if verified[0] is verified[1]:
        return False
    done = [{one.name for one in find(list(side), Call) if _takes_in(module, one)} for side in (free, back)]
    return bool(done[0] & done[1])


def verified_before(module: Module, sometimes: Sequence[Node], always: Sequence[Node]) -> bool:
    """Tell whether what is always run or taken in is verified in a branch before it, and nowhere else."""
    if any(is_proof(module, one) for one in find(list(always), Call)):
        return False
    proven = any(is_proof(module, one) for one in find(list(sometimes), Call))
    return proven and any(_takes_in(module, one) for one in find(list(always), Call))


def _takes_in(module: Module, call: Call) -> bool:
    return is_load(module, call) or runs_inside(module, call) or launches(module, call)


def is_proof(module: Module, call: Call) -> bool:
    """Tell whether a call verifies something, and what it says is heeded: it is tested, or throws by itself."""
    return is_verification(call) or (
        module.resolve(call.callee).startswith(("crypto.verify", "hmac.compare_digest", "crypto.timingSafeEqual"))
    )


def _refuses_some(target: Function | Class) -> bool:
    """Tell whether something in a function or a class throws where a thing is not among others."""
    bodies = [one for method in target.methods for one in method.body] if isinstance(target, Class) else target.body
    for branch in find(bodies, If):
        held = any(
            (isinstance(one, Binary) and one.op in ("in", "not in")) or (isinstance(one, Call) and one.name in _ASKS)
            for one in walk(branch.test)
        )
        if held and any(isinstance(one, Throw) for one in branch.body):
            return True
    return False


def _one_picks(free: Sequence[Node], back: Sequence[Node]) -> bool:
    """Tell whether one way gives a thing whole and the other gives entries of the very same that it picks."""
    for whole, picked in ((free, back), (back, free)):
        names = {name for part in whole for name in _whole_names(part)}
        if names and any(name in names for part in picked for name in _picked_names(part)):
            return True
    return False


def _whole_names(part: Node) -> list[str]:
    """Return the names that something gives whole or as a copy: ``return services``, ``dict(services)``."""
    found = []
    for name in find(part, Name):
        around = name.parent
        if isinstance(around, Index) and around.object is name:
            continue
        copied = isinstance(around, Call) and around.name in _COPIES and name in around.args
        if copied or (not isinstance(around, Call | Binary | Comprehension) and _is_given(name)):
            found.append(name.id)
    return found


def _is_given(name: Name) -> bool:
    """Tell whether a name is itself what a statement or a choice gives."""
    around = name.parent
    return any(getattr(around, side, None) is name for side in ("value", "then", "other"))


def _picked_names(part: Node) -> list[str]:
    """Return the names of which something takes the entries that a list names, one after the other."""
    found = []
    for each in find(part, Comprehension):
        found += [at.object.id for at in find(each.element, Index) if isinstance(at.object, Name)]
        if each.tests:
            found += [name.id for _target, over in each.clauses for name in find(over, Name)]
    for call in find(part, Call):
        if call.name in ("filter", "pick", "subset", "only"):
            found += [name.id for name in find(call, Name)]
        if call.name in ("map", "fromEntries"):
            found += [at.object.id for at in find(call, Index) if isinstance(at.object, Name)]
    return found

"""REG041: a package is loaded before it is verified, or verified before it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Call, For, Function, If, Literal, Param, Return, Throw, With, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, inside, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.unchanged import of_package, tells_changes
from reviewer.experts.registry.verification import (
    SIGNED,
    comparisons,
    hashed,
    is_fetch,
    is_load,
    is_verification,
    roots,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry


_LOADING: Final = frozenset({"importlib", "extractall", "unpack"})
"""Names of a file that loads packages, and may leave it to another one to verify them."""
_UNPACKS: Final = frozenset("unpack extract unzip untar inflate install run".split())
"""First words of functions that put the files of a package in their place, or run it."""


@module_check("REG041", words=SIGNED | {"verify", "hashlib"} | _LOADING | _UNPACKS)
def verified_too_late(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the order of fetch, verification and load in each function that verifies."""
    if module.is_test:
        return
    checks: dict[int, tuple[Function, list[Node]]] = {}
    digests = [one for one in comparisons(module) if of_package(module, one) and not tells_changes(module, one)]
    computed = [one for one in digests if hashed(module, one.actual)]
    compared: list[Node] = [one.node for one in computed or digests]  # what two records say proves no bytes
    calls = module.all(Call)
    loading = {id(function_of(call)) for call in calls if _brings(module, call) or _unpacks(module, call)}
    found = compared + [
        call
        for call in calls
        if is_verification(call) or (id(function_of(call)) in loading and (_verifies(module, call) or _demands(call)))
    ]
    for node in found:
        function = function_of(node)
        if function is not None:
            checks.setdefault(id(function), (function, []))[1].append(node)
    for function, nodes in checks.values():
        nodes.sort(key=lambda node: node.raw.start_byte)
        yield from _in_function(module, function, nodes)


def _brings(module: Module, call: Call) -> bool:
    """Tell whether a call unpacks or runs something, so that what is called beside it may be what verifies that."""
    return is_load(module, call) or _starts_code(module, call)


def _demands(call: Call) -> bool:
    """Tell whether a call throws unless something is signed, by its name: ``assertSigned``, ``ensure_digest``."""
    name = words(call.name)
    return name[:1] in (("assert",), ("ensure",), ("require",)) and bool(set(name) & SIGNED)


def _verifies(module: Module, call: Call) -> bool:
    """Tell whether a call is of a function of the subject that compares digests, and gives the answer or throws."""
    target = definition(module, call.callee)
    if not isinstance(target, Function) or not any(inside(one.node, target) for one in comparisons(target.module)):
        return False
    return not any(is_load(target.module, one) for one in find(target.body, Call))


def _in_function(module: Module, function: Function, checks: list[Node]) -> Iterator[Match]:
    first = checks[0]
    beside = _at_once(module, first)
    if beside is not None:
        yield Match(
            beside,
            f"'{beside.name}' runs or unpacks the package while line {first.line} still verifies it: by the time that "
            "the answer is there its code has run.",
            related=((first, "the verification that is waited for along with it"),),
        )
        return
    calls = [call for call in find(function.body, Call) if not any(inside(call, node) for node in checks)]
    early = [call for call in calls if call.raw.start_byte < first.raw.start_byte]
    for load in reversed(early):  # what is unpacked first is run last, and that does the harm
        if not is_load(module, load) and not _runs_what_is_checked(module, load, first):
            continue
        if _of_others(module, load, first) or definition(module, load.callee) is function:
            continue  # what the package needs goes through the same door
        if any(node is first for node in after(load)) or _opened_for(load, first):
            yield Match(
                load,
                f"'{load.name}' runs or unpacks the package before line {first.line} verifies it: by then its code has "
                "run or its files are on the disk.",
                related=((first, "the verification that comes too late"),),
            )
            return
    last = checks[-1]
    for call in calls:
        if call.raw.start_byte > last.raw.end_byte and is_fetch(module, call) and any(n is call for n in after(last)):
            known = _fetched_before(module, calls, first) or _of_file(module, last) or _fetches_itself(module, last)
            known = known or _compares_itself(module, call) or _runs(module, call)
            if not known:
                yield Match(
                    last,
                    f"The verification comes before '{call.name}' on line {call.line} brings the package: what is "
                    "loaded is never verified.",
                    related=((call, "the package arrives here"),),
                )
            return


def _at_once(module: Module, check: Node) -> Call | None:
    """Return what runs a package beside what verifies it: ``Promise.all([import(file), verify(file)])``."""
    around = check.parent
    beside = around.items if isinstance(around, Array) else around.args if isinstance(around, Call) else []
    gathers = around.parent if isinstance(around, Array) else around
    if not isinstance(gathers, Call) or gathers.name not in ("all", "allSettled", "gather"):
        return None
    others = (call for one in beside if one is not check for call in find(one, Call))
    return next((call for call in others if is_load(module, call)), None)


def _of_others(module: Module, load: Call, check: Node) -> bool:
    """Tell whether a loop loads what has nothing in common with what is verified behind that loop."""
    loop = next((around for around in ancestors(load) if isinstance(around, For)), None)
    if loop is None or loop.iterable is None or inside(check, loop):
        return False
    return names_in(loop.iterable).isdisjoint(name for _id, name in roots(module, check))


def _opened_for(load: Call, check: Node) -> bool:
    """Tell whether a check stands in the block for which something is unpacked: ``with unpacked(pack) as home:``."""
    return any(
        isinstance(around, With) and not any(inside(load, one) for one in around.body) and inside(check, around)
        for around in ancestors(load)
    )


def _runs_what_is_checked(module: Module, call: Call, check: Node) -> bool:
    """Tell whether a call runs, by whatever name, the very thing that is verified afterwards and then refused."""
    if not _runs(module, call) and not _unpacks(module, call):
        return False
    shared = {name for name in roots(module, call) & roots(module, check) if name[1] not in ("self", "cls")}
    return bool(shared) and _refuses(check)


def _unpacks(module: Module, call: Call) -> bool:
    """Tell whether a call is of what somebody handed in to unpack packages: ``await this.unpack(data, folder)``."""
    called = strip(call.callee)
    handed = is_this_member(called) or isinstance(module.scopes.origin(called), Param)
    return handed and bool(call.args) and words(call.name)[:1] != () and words(call.name)[0] in _UNPACKS


def _runs(module: Module, call: Call, depth: int = 2) -> bool:
    """Tell whether a call runs code that it does not name, itself or in functions that verify nothing."""
    first = strip(call.args[0]) if call.args else None
    if first is not None and (is_load(module, call) or _starts_code(module, call)):
        return not isinstance(first, Literal) and not (isinstance(first, Call) and first.name == "URL")
    target = definition(module, call.callee) if depth and call.args else None
    if not isinstance(target, Function) or any(inside(one.node, target) for one in comparisons(target.module)):
        return False
    inner = list(find(target.body, Call))
    return not any(is_verification(one) for one in inner) and any(_runs(target.module, one, depth - 1) for one in inner)


def _starts_code(module: Module, call: Call) -> bool:
    """Tell whether a call runs a text, or starts a thread or a process with a file."""
    if call.new:
        return call.name == "Worker"
    if module.language == "python":
        return call.receiver is None and call.name == "exec"
    return module.resolve(call.callee) == "child_process.fork"


def _refuses(check: Node) -> bool:
    """Tell whether something is given up where a digest differs; what only notes a change for later is no refusal."""
    for around in ancestors(check):
        if isinstance(around, If) and (inside(check, around.test) or around.test is check):
            sides = walk([*around.body, *around.orelse], into_functions=False)
            return any(isinstance(one, Throw | Return) for one in sides)
        if isinstance(around, Function):
            break
    return isinstance(check, Call)


def _fetched_before(module: Module, calls: list[Call], first: Node) -> bool:
    """Tell whether something was fetched before the first verification, which is then about that."""
    return any(call.raw.start_byte < first.raw.start_byte and is_fetch(module, call) for call in calls)


def _fetches_itself(module: Module, check: Node) -> bool:
    """Tell whether the bytes are fetched within the verification."""
    return any(is_fetch(module, call) for call in find(check, Call) if call is not check)


def _compares_itself(module: Module, fetch: Call) -> bool:
    """Tell whether what fetches is a function of the subject that compares the digest of what it brings."""
    target = definition(module, fetch.callee)
    if not isinstance(target, Function):
        return False
    return any(inside(one.node, target) for one in comparisons(target.module)) or any(
        is_verification(call) for call in find(target.body, Call)
    )


def _of_file(module: Module, check: Node) -> bool:
    """Tell whether a verification is about something that is there already: a file that was read, an index."""
    known = ("index", "token", "key", "certificate", "session", "user")
    return any(name in known for _id, name in roots(module, check))

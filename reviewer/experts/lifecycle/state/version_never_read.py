"""LIF008: what is stored says which version it is of, and where it is read back nobody asks for that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Comprehension,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import with_helpers
from reviewer.experts.lifecycle.state.restoring import derived

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

VERSIONS: Final = frozenset("schema version layout format v ver rev revision edition generation sheet".split())
"""Words for the version of what is kept."""
_WRITES: Final = frozenset("set put write save update setItem store writeFile write_text writeFileSync dump".split())
_READS: Final = frozenset("get read load getItem fetch readFile read_text readFileSync".split())
_TESTS: Final = frozenset(
    "validate valid validator check parse migrate upgrade coerce normalize normalise sanitize sanitise conform decode "
    "filter every assert ensure compatible".split()
)
"""Words of what looks at all that was stored, whatever version it is of."""


class Kept(Struct, frozen=True):
    """An object that is stored under a key, with the member that tells its version and the others."""

    key: str
    version: str
    others: frozenset[str]
    at: Node


@module_check("LIF008", words=VERSIONS - {"v"})
def version_never_read(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Hold what is stored with a version against how it is read back under the same key."""
    if module.is_test:
        return
    for kept in _stored(module):
        for read in module.calls(_READS):
            if not read.args or module.text_of(read.args[0]) != kept.key:
                continue
            for function, name in _taken_by(module, read):
                use = trusted(function, name, kept)
                if use is not None:
                    yield Match(
                        use,
                        f"'{function.module.text_of(use)}' is of what was stored with its '{kept.version}', which is "
                        "not looked at here: what another version stored is taken for what this one stores.",
                        related=((kept.at, "stored with its version here"),) if function.module is module else (),
                    )
                    return


def _stored(module: Module) -> Iterator[Kept]:
    """Yield the objects with a constant for their version that a call stores under a key."""
    for made in module.all(Object):
        kept = stated_version(made)
        call = _storing(module, made) if kept is not None else None
        if kept is not None and call is not None:
            yield Kept(module.text_of(call.args[0]), kept.version, kept.others, made)


def stated_version(made: Object) -> Kept | None:
    """Return what an object holds, if a constant in it tells its version; it has no key yet."""
    keys = [str(key.value) for key, _value in made.entries if isinstance(key, Literal)]
    version = next((key for key, value in _named(made) if key.lower() in VERSIONS and _is_constant(value)), "")
    others = frozenset(keys) - {version}
    return Kept("", version, others, made) if version and others else None


def _named(made: Object) -> Iterator[tuple[str, Expr]]:
    for key, value in made.entries:
        if isinstance(key, Literal) and isinstance(key.value, str):
            yield key.value, strip(value)


def _is_constant(value: Expr) -> bool:
    if isinstance(value, Literal):
        return isinstance(value.value, int) and not isinstance(value.value, bool)
    said = value.id if isinstance(value, Name) else value.name if isinstance(value, Member) else ""
    return said.isupper()


def _storing(module: Module, made: Object) -> Call | None:
    """Return the call that stores an object under its first argument, at once or by the name that it is given."""
    inner: Node = made
    for around in ancestors(made):
        if isinstance(around, Call) and around.name in _WRITES and len(around.args) > 1 and around.args[0] is not inner:
            return around
        if isinstance(around, Function):
            return None
        if isinstance(around, Assign) and isinstance(around.target, Name):
            name, function = around.target.id, function_of(made)
            calls = calls_in(function.body) if function is not None else iter(())
            return next((one for one in calls if one.name in _WRITES and _is_handed(one, name)), None)
        inner = around
    return None


def _is_handed(call: Call, name: str) -> bool:
    return len(call.args) > 1 and any(isinstance(one, Name) and one.id == name for one in walk(call.args[1:]))


def _taken_by(module: Module, read: Call) -> Iterator[tuple[Function, str]]:
    """Yield the functions that hold what was read, with its name there: the one that reads, or one that it is given."""
    inner: Node = read
    for around in ancestors(read):
        if isinstance(around, Call) and around is not read and any(inner is arg for arg in around.args):
            target = callee(module, around)
            position = next(number for number, arg in enumerate(around.args) if arg is inner)
            if target is None:
                if around.name not in ("parse", "loads"):
                    return
            elif position < len(target.params) and target.params[position].name:
                yield target, target.params[position].name
                return
        elif isinstance(around, Assign):
            function = function_of(read)
            if isinstance(around.target, Name) and function is not None:
                yield function, around.target.id
            return
        elif not isinstance(around, Await | Cast | Binary):
            return
        inner = around


def trusted(function: Function, name: str, kept: Kept) -> Node | None:
    """Return the first part of what was stored that is taken, where neither its version nor all of it is looked at."""
    names = derived(function, name) | {name}
    bodies = [one.body for one in with_helpers(function, 1)]
    for body in bodies:
        if any(isinstance(one, Member) and one.name == kept.version for one in walk(body)):
            return None
        if any(one.value == kept.version and not isinstance(one.parent, Object) for one in find(body, Literal)):
            return None
        if any(kept.version in param.fields for one in find(body, Function) for param in one.params):
            return None
    if any(kept.version in module_text for module_text in _taken_apart(function)):
        return None
    for call in calls_in(function.body):
        given = [*call.args, *([call.receiver] if call.receiver is not None else [])]
        reads = function.module.resolve(call.callee) == "JSON.parse"  # which looks at the text, and not at what it says
        if _TESTS & set(words(call.name)) and not reads and any(_of(one, names) for one in given):
            return None
    if any(one.tests for one in find(function.body, Comprehension)):
        return None
    for node in walk(function.body):
        if isinstance(node, Member) and node.name in kept.others and _of(node.object, names):
            return node
        key = node.key if isinstance(node, Index) else node.args[0] if _gets(node) and isinstance(node, Call) else None
        holder = node.object if isinstance(node, Index) else node.receiver if isinstance(node, Call) else None
        if isinstance(key, Literal) and key.value in kept.others and holder is not None and _of(holder, names):
            return node
    return None


def _taken_apart(function: Function) -> Iterator[str]:
    """Yield how the assignments are spelled by which a function takes something apart: ``const { schema } = saved``."""
    for assign in find(function.body, Assign):
        if isinstance(assign.target, Object):
            yield function.module.text_of(assign.target)


def _gets(node: Node) -> bool:
    return isinstance(node, Call) and node.name == "get" and bool(node.args)


def _of(expr: Expr, names: set[str]) -> bool:
    return any(isinstance(one, Name) and one.id in names for one in walk(expr))

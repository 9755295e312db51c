"""API018: a manifest is read and used as it is; nothing in the host looks at its shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, exits, use_of
from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Assign,
    Call,
    Cast,
    Expr,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Spread,
    Template,
    Throw,
    Unary,
)
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.experts.api.manifest_shapes import manifest_shapes
from reviewer.experts.api.vocabulary import MANIFESTS, has, names_manifest
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.patterns import found
from reviewer.experts.place import locate
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_READERS: Final = frozenset(
    {"JSON.parse", "json.loads", "json.load", "yaml.safe_load", "tomllib.load", "tomllib.loads"}
)
_LAST: Final = frozenset({"parse", "loads", "load", "safe_load"})
_READ: Final = MANIFESTS | {"data", "raw", "parsed", "json", "doc"}
"""Words of what was read."""
_FILE: Final = r"(?i)(^|[/\\])?(plugin|addin|addon|extension|module|widget|skill|manifest)[\w.-]*\.(json|ya?ml|toml)$"
_CHECKS: Final = frozenset(
    (
        "validate validates validated validation validator validators schema schemas ajv zod joi yup jsonschema "
        "pydantic superstruct valibot typebox marshmallow attrs cattrs msgspec conforms violations problems "
        "isinstance assertion asserts guard malformed invalid verify"
    ).split()
)
"""Words of which code has one that looks at the shape of anything."""


@subject_check("API018")
def manifest_trusted(inquiry: Inquiry) -> Iterator[Match]:
    """Look for manifests that are read in a host that validates nothing."""
    if inquiry.subject.kind == "plugin":
        return
    read: list[tuple[Module, Call]] = []
    for module in inquiry.project.modules():
        if module.is_test or is_tooling(module.path):
            continue
        if module.words & _CHECKS:
            return
        for call in module.calls(_LAST):
            if module.resolve(call.callee) in _READERS and _is_manifest(module, call):
                if _looked_at(module) or _goes_to_a_check(module, call) or _asks_kinds(call):
                    return
                read.append((module, call))
    if read and manifest_shapes(inquiry):
        return  # somebody has said what a manifest holds
    for module, call in read[:1]:
        yield Match(
            locate(module, call),
            "The manifest is taken as it is read: nothing in the host looks whether its members are there and of "
            "the right kind.",
            related=tuple((locate(other, again), "another manifest is read here") for other, again in read[1:4]),
        )


def _is_manifest(module: Module, call: Call) -> bool:
    """Tell whether what is read is the manifest of a plugin, by the names around it."""
    for around in ancestors(call):
        if isinstance(around, Cast) and names_manifest(around.type):
            return True
        if isinstance(around, Assign):
            name = around.target.id if isinstance(around.target, Name) else ""
            if names_manifest(name) or names_manifest(around.type):
                return True
    function = function_of(call)
    if function is None:
        return False
    if names_manifest(function.name) or names_manifest(function.returns):
        return True
    return any(_names_file(node) for node in find(function, Literal))


def _names_file(literal: Literal) -> bool:
    return isinstance(literal.value, str) and found(_FILE, literal.value) and not isinstance(literal.parent, Template)


def _looked_at(module: Module) -> bool:
    """Tell whether the module refuses a manifest for what it holds, or gives it to a class with its members."""
    for throw in module.all(Throw):
        if any(_about_manifest(module, condition.test) for condition in conditions(throw)):
            return True
    asked = [call.args[0] for call in module.calls(("isArray", "isSafeInteger", "isInteger")) if call.args]
    asked += [one.operand for one in module.all(Unary) if one.op == "typeof"]
    kinds = {one.name for one in asked if isinstance(one, Member) and _about_manifest(module, one)}
    read = {one.name for one in module.all(Member) if isinstance(one.object, Name) and has(one.object.id, MANIFESTS)}
    if kinds and read <= kinds:
        return True  # the kind of each member that is used
    for call in module.all(Call):
        if any(isinstance(one, Spread) and one.double for one in call.args) and has(call.name, MANIFESTS):
            return True
    return False


def _goes_to_a_check(module: Module, read: Call) -> bool:
    """Tell whether what is read is handed to a function of the subject that refuses some of what it gets."""
    names = (
        {read.parent.target.id} if isinstance(read.parent, Assign) and isinstance(read.parent.target, Name) else set()
    )
    function = function_of(read)
    for call in calls_in(function.body if function is not None else module.body):
        if any(arg is read or (isinstance(arg, Name) and arg.id in names) for arg in call.args):
            target = callee(module, call)
            if target is not None and (_throws(target) or _refused_by(call)):
                return True
    return False


def _throws(function: Function, depth: int = 2) -> bool:
    """Tell whether a function throws, by itself or by one that it tells what has to hold: ``need(ok, "no id")``."""
    if next(find(function.body, Throw), None) is not None:
        return True
    called = (callee(function.module, one) for one in calls_in(function.body)) if depth else iter(())
    return any(one is not None and _throws(one, depth - 1) for one in called)


def _refused_by(call: Call) -> bool:
    """Tell whether a function goes no further by what a call answers: ``if (complaints(sheet).length) return``."""
    function = function_of(call)
    use = use_of(call)
    named = use.by.target if use.how == "assigned" and isinstance(use.by, Assign) else None
    for test in find(function.body, If) if function is not None else ():
        asked = any(one is call for one in find(test.test, Call)) or (
            isinstance(named, Name) and any(one.id == named.id for one in find(test.test, Name))
        )
        if asked and exits(test.body):
            return True
    return False


def _asks_kinds(read: Call) -> bool:
    """Tell whether the function that reads a manifest throws where a member is not of the right kind."""
    function = function_of(read)
    throws = find(function.body, Throw) if function is not None else ()
    return any(one.op == "typeof" for throw in throws for known in conditions(throw) for one in find(known.test, Unary))


def _about_manifest(module: Module, test: Node) -> bool:
    asked = list(find(test, Name))
    made = [one for name in asked if isinstance(one := module.scopes.origin(name), Expr) and one is not name]
    return any(has(name.id, _READ) for one in (*asked, *made) for name in find(one, Name))

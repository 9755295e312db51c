"""API034: a member that the host lists among its experiments is handed to every plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Conditional,
    Function,
    Literal,
    Member,
    Name,
    Object,
    strip,
)
from reviewer.code.text.ideas import FACES
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_EXPERIMENTAL: Final = frozenset(
    {"experimental", "experiments", "experiment", "unstable", "proposed", "labs", "previews", "trials", "betas"}
)
_ASKED: Final = ("experiment", "trial", "beta", "preview")
"""What a function speaks of that asks whether a plugin wants one."""
_BUILDERS: Final = FACES | {"for", "host", "scope", "face", "surfaces"}


@module_check("API034", words=_BUILDERS)
def experiment_for_all(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what builds the face of the host for the names that another place lists as experiments."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    listed = inquiry.project.once("api.listed experiments", lambda: _listed(inquiry))
    if not listed:
        return
    for name, at in _given(module):
        function = function_of(at)
        if name not in listed or function is None or not set(words(function.name)) & _BUILDERS:
            continue
        if conditions(at) or any(isinstance(one, Conditional | Binary) for one in ancestors(at)):
            continue
        spoken = module.text_of(function)
        named = (
            one for one in find(function.body, Literal) if one.value == name and not isinstance(one.parent, Object)
        )
        if next(named, None) is not None and any(one in spoken for one in _ASKED):
            continue  # asked for by name in the same function
        yield Match(
            at,
            f"'{short(name)}' is one of the host's experiments, and every plugin is handed it, whether it asked for it "
            "or not: others come to need it, and it can't be changed any more.",
            fix="Hand it only to a plugin whose manifest asks for the experiment by name.",
        )


def _listed(inquiry: Inquiry) -> frozenset[str]:
    """Return the names that the host lists as experiments: ``EXPERIMENTS = ["soundtrack"]``."""
    found: set[str] = set()
    for module in inquiry.project.modules(naming=_EXPERIMENTAL, tests=False):
        for assign in module.all(Assign):
            if assign.value is None or not set(words(last_name(assign.target))) & _EXPERIMENTAL:
                continue
            value = strip(assign.value)
            if isinstance(value, Call) and value.name in ("freeze", "Set", "frozenset", "tuple", "set") and value.args:
                value = strip(value.args[0])
            if isinstance(value, Array):
                found |= {
                    item.value for item in value.items if isinstance(item, Literal) and isinstance(item.value, str)
                }
    return frozenset(found)


def _given(module: Module) -> Iterator[tuple[str, Node]]:
    """Yield the functions that are put under a name into an object."""
    for assign in module.all(Assign):
        target = strip(assign.target)
        if (
            isinstance(target, Member)
            and assign.value is not None
            and isinstance(strip(assign.value), Function | Name | Member)
        ):
            yield target.name, assign
    for made in module.all(Object):
        for key, value in made.entries:
            if (
                isinstance(key, Literal)
                and isinstance(key.value, str)
                and isinstance(strip(value), Function | Name | Member)
            ):
                yield key.value, value

"""API304: entry points are read in a way that some of the promised Pythons do not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Import, Index, Member, Node, Try
from reviewer.code.walk import ancestors
from reviewer.core.scale import Confidence
from reviewer.experts.api.python_versions import asked
from reviewer.experts.check import Match, module_check
from reviewer.experts.python_package.library import RELEASES, older
from reviewer.experts.python_package.requirements import python_range, requirements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.python_package.requirements import Requirement

_READS: Final = "importlib.metadata.entry_points"
_AS_A_DICT: Final = frozenset({"get", "items", "keys", "values"})
_GONE, _CAME = "3.12", "3.10"


@module_check("API304", words={"entry", "pkg"})
def entry_points_interface(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at calls of ``entry_points`` and at what is done with the result, and at imports of pkg_resources."""
    if module.is_test:
        return
    promised = python_range(inquiry)
    for call in module.calls({"entry_points"}):
        if module.resolve(call.callee) == _READS and not asked(call):
            yield from _call(module, call, promised)
    if "pkg_resources" in module.identifiers and module.path != "setup.py":
        yield from _package_resources(inquiry, module)


def _call(module: Module, call: Call, promised: Requirement | None) -> Iterator[Match]:
    runs = [one for one in RELEASES if promised is None or promised.admits(one)]
    early = next((one for one in runs if older(one, _CAME)), "")
    if call.keywords and early and promised is not None and promised.text:
        yield Match(
            call,
            f"entry_points() takes a group since Python {_CAME}, and the package promises to run on {early} "
            f"('{promised.text}'): it fails there with a TypeError.",
        )
    late = next((one for one in runs if not older(one, _GONE)), "")
    if call.keywords or call.args or not late:
        return
    for use in _uses(module, call):
        if not asked(use):
            said = "answers as a dict no more" if isinstance(use, Member) else "is looked up by name, not by group,"
            yield Match(use, f"What entry_points() gives {said} since Python {_GONE}; write entry_points(group=…).")


def _uses(module: Module, call: Call) -> Iterator[Node]:
    """Yield where the result is used as a dict of groups: at once, or under the name that it is kept as."""
    for node in module.some(Member, Index):
        if not isinstance(node, Member | Index):
            continue
        if node.object is not call and module.scopes.origin(node.object) is not call:
            continue
        if isinstance(node, Index) or node.name in _AS_A_DICT:
            yield node


def _package_resources(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    if "setuptools" in requirements(inquiry) or not requirements(inquiry):
        return
    for node in module.all(Import):
        taken = any(one.source.partition(".")[0] == "pkg_resources" and not one.type_only for one in node.names)
        if taken and not asked(node) and not any(isinstance(around, Try) for around in ancestors(node)):
            yield Match(
                node,
                "pkg_resources is a part of setuptools, which the package does not ask for: a new environment has it "
                "since Python 3.12 no more, and new releases of setuptools neither. Use importlib.metadata.",
                confidence=Confidence.LIKELY,
            )
            return

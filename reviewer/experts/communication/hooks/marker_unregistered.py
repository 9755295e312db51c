"""COM304: a marker that a plugin reads and never tells pytest about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal, Template
from reviewer.code.text.words import words
from reviewer.experts.check import Match, subject_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.place import locate
from reviewer.experts.python_package.entry_points import entry_points
from reviewer.experts.python_package.hooks import hosts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_READING: Final = frozenset({"get_closest_marker", "iter_markers", "iter_markers_with_node"})
_NO_NAME: Final = frozenset({"pytest", "plugin", "python", "test", "tests", "py"})


@subject_check("COM304")
def marker_unregistered(inquiry: Inquiry) -> Iterator[Match]:
    """Compare the markers that are read with those registered; a marker of another name belongs to somebody else."""
    if not any(host.host == "pytest" for host in hosts_of(inquiry)):
        return
    registered = _registered(inquiry)
    if registered is None:
        return
    own = _own_words(inquiry)
    told: set[str] = set()
    for name, place in _read(inquiry):
        if name and name not in registered and name not in told and set(words(name)) & own:
            told.add(name)
            yield Match(
                place,
                f"The plugin reads the marker '{name}' and never registers it: pytest warns at every use, and refuses "
                "it with --strict-markers.",
            )


def _own_words(inquiry: Inquiry) -> frozenset[str]:
    """Return the words of the names of the package's entry points and modules."""
    names = [one.name for one in entry_points(inquiry) if one.group == "pytest11"]
    names += [one.reference[0] for one in entry_points(inquiry) if one.group == "pytest11" and one.reference]
    return frozenset(word for name in names for word in words(name.replace(".", "_").replace("-", "_"))) - _NO_NAME


def _registered(inquiry: Inquiry) -> frozenset[str] | None:
    """Return the names of the markers that are registered, or None where some can't be worked out."""
    found: set[str] = set()
    for module in inquiry.project.modules({"addinivalue_line"}):
        for call in module.calls({"addinivalue_line"}):
            if fixed_text(module, call.arg(0, "name")) not in ("markers", ""):
                continue
            line = _line(module, call.arg(1, "line"))
            if not line:
                return None
            found.add(line.partition(":")[0].partition("(")[0].strip())
    return frozenset(found)


def _line(module: Module, expr: Expr | None) -> str:
    """Return the beginning of a line that describes a marker, as far as it is fixed."""
    if isinstance(expr, Template):
        first = expr.items[0] if expr.items else None
        text = first.value if isinstance(first, Literal) and isinstance(first.value, str) else ""
        return text if ":" in text or "(" in text else ""
    return fixed_text(module, expr)


def _read(inquiry: Inquiry) -> Iterator[tuple[str, Location]]:
    for module in inquiry.project.modules(_READING, tests=False):
        for call in module.calls(_READING):
            argument = call.arg(0, "name")
            if argument is not None:
                yield fixed_text(module, argument), locate(module, argument)

"""REG110, REG111 and REG112: files that a manifest names, and that are missing, don't ship, or are not built yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Severity
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.named_files import State, named_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.experts.named_files import NamedFile

_MOST: Final = 60
"""Findings of one manifest."""
_MOST_RELATED: Final = 20


@subject_check("REG110")
def named_file_missing(inquiry: Inquiry) -> Iterator[Match]:
    """Speak of every path that leads to nothing, to a folder, or to a name with other capital letters."""
    wrong = [one for one in named_files(inquiry) if one.state in _MISSING]
    for one in wrong[:_MOST]:
        yield Match(
            one.value,
            f"'{one.pointer}' is '{short(one.value.text)}'{_problem(one)}",
            fix=f"Write '{one.near}'." if one.near else "",
            severity=Severity(one.severity) if one.severity else None,
        )


_MISSING: Final = (State.MISSING, State.OTHER_CASE, State.OUTSIDE)


def _problem(one: NamedFile) -> str:
    if one.state is State.OTHER_CASE:
        return (
            f", and the {one.what} is called '{one.near}': where capital letters count, in the packed plugin and on "
            "Linux, it is not found."
        )
    if one.state is State.OUTSIDE:
        return ", which leads out of the plugin's folder: it is not in the package."
    if "*" in one.value.text:
        return ", and no file of the plugin fits it."
    near = f"; there is '{one.near}'" if one.near else ""
    return f", and there is no such {one.what} in the plugin{near}."


@subject_check("REG111")
def named_file_left_out(inquiry: Inquiry) -> Iterator[Match]:
    """Speak of every file that the manifest names and the package leaves out."""
    for one in [one for one in named_files(inquiry) if one.state is State.LEFT_OUT][:_MOST]:
        yield Match(one.value, f"'{one.pointer}' is '{short(one.value.text)}', and {one.why}: people get no such file.")


@subject_check("REG112")
def named_file_unbuilt(inquiry: Inquiry) -> Iterator[Match]:
    """Say once which files a build still has to make."""
    unbuilt = [one for one in named_files(inquiry) if one.state is State.UNBUILT]
    if unbuilt:
        first, *rest = unbuilt
        more = f" and {len(rest)} more" if rest else ""
        yield Match(
            first.value,
            f"'{first.pointer}' is '{short(first.value.text)}', which is not built{more}: build the plugin, and review "
            "what ships.",
            related=tuple((one.value, "not built") for one in rest[:_MOST_RELATED]),
        )

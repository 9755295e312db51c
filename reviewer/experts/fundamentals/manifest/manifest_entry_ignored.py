"""FUN019: manifests name an entry point, and the host runs another file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Call, Literal, strip
from reviewer.code.walk import ancestors
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.patterns import found
from reviewer.experts.fundamentals.manifest.entry_reads import declared_entry, reads_entry
from reviewer.experts.fundamentals.manifest.fixed_files import LOADS, STARTS, USUAL, run_files, usual_files
from reviewer.experts.place import locate
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry


@subject_check("FUN019")
def manifest_entry_ignored(inquiry: Inquiry) -> Iterator[Match]:
    """Speak where nothing reads the entry point that every manifest has to name."""
    if inquiry.subject.kind != "host":
        return
    name = declared_entry(inquiry)
    if not name:
        return
    fixed: list[tuple[Location, str]] = []
    loads: list[Location] = []
    run: list[tuple[Location, str]] = []
    started: list[tuple[Location, str]] = []
    read = False
    for module in inquiry.project.modules():
        if module.is_test or is_tooling(module.path):
            continue
        read = read or reads_entry(module, name)
        run += run_files(module, LOADS)
        started += run_files(module, STARTS)
        fixed += usual_files(module)
        loads += _loads(module)
    if read:
        for at, file in run:
            if found(USUAL, file) and not file.endswith("__init__.py"):  # whose entry may be a class in there
                yield Match(
                    at,
                    f"Every manifest has '{name}', which is what runs elsewhere; here it is always '{file}', which may "
                    "be another file than the one that was checked.",
                )
        return
    fixed = run or started or fixed
    for at, file in fixed[:1]:
        yield Match(
            at,
            f"Every manifest has '{name}', and nothing reads it: what runs is always '{file}', which may be another "
            "file than the one that was checked.",
        )
    if not fixed:
        for at in loads[:1]:
            yield Match(
                at,
                f"Every manifest has '{name}', and nothing reads it: what is loaded here is worked out from something "
                "else.",
                confidence=Confidence.POSSIBLE,
            )


def _loads(module: Module) -> Iterator[Location]:
    for call in module.calls(LOADS):
        given = call.arg(1) if call.name == "spec_from_file_location" else call.arg(0)
        if given is None or isinstance(strip(given), Literal):
            continue
        if any(isinstance(around, Call) and around.name == "mock" for around in ancestors(call)):
            continue
        yield locate(module, call)

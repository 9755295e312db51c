"""REG011, REG012, REG013: ranges that nobody can read or meet, and plugins that need themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.check import Match, subject_check
from reviewer.experts.registry.document_entries import registries
from reviewer.experts.registry.ranges import admits, meet, read_range
from reviewer.experts.registry.requirements import required_by, requirements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.experts.registry.requirements import Requirement


@subject_check("REG011")
def range_unparsable(inquiry: Inquiry) -> Iterator[Match]:
    """Find ranges that are neither npm's nor Python's."""
    for need in _all(inquiry):
        text = need.range.strip()
        if "{{" in text or "${" in text:
            continue  # a template, filled in before anybody resolves it
        if need.ranged and text and read_range(text).kind == "unread" and ":" not in text:
            yield Match(
                need.at,
                f"'{text[:60]}' is no version range that a resolver can read; expected for example '^1.2.0' or "
                "'>=1.2 <2'.",
            )


@subject_check("REG012")
def range_never_met(inquiry: Inquiry) -> Iterator[Match]:
    """Find ranges that are empty in themselves, and pairs of them for one plugin that don't meet."""
    for need in _all(inquiry):
        if need.ranged and read_range(need.range).kind == "empty":
            yield Match(need.at, f"No version at all lies in '{need.range}', which is asked of '{need.id}'.")
    for _document, entries in registries(inquiry):
        offered: dict[str, list[str]] = {}
        for entry in entries:
            offered.setdefault(entry.id, []).append(entry.version)
        for entry in entries:
            for need in required_by(entry.value):
                versions = offered.get(need.id, [])
                span = read_range(need.range)
                readable = need.ranged and span.kind in ("bounded", "open")
                if readable and versions and not any(admits(span, version) for version in versions):
                    listed = ", ".join(sorted(versions)[:5])
                    yield Match(
                        need.at,
                        f"'{entry.id}' needs '{need.id}' in '{need.range}', but the registry offers {listed} alone.",
                    )
    yield from _twice(requirements(inquiry))


def _twice(needs: list[Requirement]) -> Iterator[Match]:
    """Find a plugin that is named under two fields with ranges that don't meet."""
    first: dict[str, Requirement] = {}
    for need in needs:
        other = first.setdefault(need.id, need)
        if other is need or not need.ranged or not other.ranged:
            continue
        if not meet(read_range(other.range), read_range(need.range)):
            yield Match(
                need.at,
                f"'{need.id}' is needed in '{other.range}' and in '{need.range}': no version lies in both.",
                related=((other.at, "the other range"),),
            )


@subject_check("REG013")
def dependency_on_itself(inquiry: Inquiry) -> Iterator[Match]:
    """Find plugins that name themselves among what they need."""
    document = inquiry.manifest
    own = document.get("id") or document.get("name") if document is not None else None
    for need in requirements(inquiry):
        if own is not None and own.text and need.id == own.text:
            yield Match(need.at, f"'{need.id}' needs itself: a loader that starts dependencies first never starts it.")
    for _document, entries in registries(inquiry):
        for entry in entries:
            for need in required_by(entry.value):
                if need.id == entry.id:
                    yield Match(
                        need.at, f"'{need.id}' needs itself: a loader that starts dependencies first never does."
                    )


def _all(inquiry: Inquiry) -> Iterator[Requirement]:
    yield from requirements(inquiry)
    for _document, entries in registries(inquiry):
        for entry in entries:
            yield from required_by(entry.value)

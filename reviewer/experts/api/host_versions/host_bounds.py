"""API001, API002, API003: hosts that a manifest does not name, names at one end, or can't mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.scale import Confidence
from reviewer.experts.api.host_versions.host_range import PLAIN, bounds
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.patterns import found
from reviewer.experts.registry.ranges import admits, read_range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.api.host_versions.host_range import Bounds
    from reviewer.experts.check import Inquiry


@subject_check("API001")
def host_range_missing(inquiry: Inquiry) -> Iterator[Match]:
    """Look for any word about the host in a manifest."""
    said = _said(inquiry)
    if said is None or said.said or inquiry.manifest is None or inquiry.subject.assumed:
        return
    root = inquiry.manifest.root
    at = root.get("version") or root.get("id") or root.get("name") or root
    yield Match(
        at,
        "The manifest does not say which hosts the plugin fits: any host loads it, older ones without the services "
        "that it uses, newer ones with another contract.",
    )


@subject_check("API002")
def host_range_open_ended(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the upper end of what a manifest says about its hosts."""
    said = _said(inquiry)
    if said is None or said.majors:
        return
    for name, value in said.upper:
        if value.kind == "string" and read_range(value.text).kind in ("any", "moving"):
            yield Match(
                value,
                f"'{name}' is '{value.text[:40]}', which bounds nothing: the plugin is loaded into the next major "
                "version too, whose contract it does not know.",
            )
            return
    if said.upper:
        return
    if any(read_range(value.text).kind in ("bounded", "empty", "unread") for _name, value in said.ranges):
        return
    for name, value in (*said.lower, *said.ranges):
        span = read_range(value.text).kind if not found(PLAIN, value.text) else "open"
        if span in ("open", "any", "moving"):
            yield Match(
                value,
                f"'{name}' is '{value.text[:40]}' and nothing names the newest host: the plugin is loaded into the "
                "next major version too, whose contract it does not know.",
            )
            return


@subject_check("API003")
def host_range_impossible(inquiry: Inquiry) -> Iterator[Match]:
    """Look for bounds that nobody can read, and for pairs with nothing between them."""
    said = _said(inquiry)
    if said is None:
        return
    broken = False
    for name, value in (*said.lower, *said.upper, *said.ranges):
        span = read_range(value.text) if value.kind == "string" else None
        if span is None or (span.kind == "unread" and not found(r"^\s*\d+(\.\d+){2,3}\s*$", value.text)):
            broken = True
            shown = value.text[:40] if value.kind == "string" else str(value.data)[:40]
            yield Match(value, f"'{name}' is '{shown}', which is no version; expected for example '>=4.2.0 <6.0.0'.")
        elif span.kind == "empty":
            broken = True
            yield Match(value, f"No version at all lies in '{value.text[:40]}', so that no host can load the plugin.")
        elif found(PLAIN, value.text) and found(r"\d-[0A-Za-z]", value.text):
            yield Match(
                value,
                f"'{name}' is the prerelease '{value.text[:40]}': hosts that nobody released are made a condition.",
                confidence=Confidence.POSSIBLE,
            )
    if not broken:
        yield from _crossed(said)


def _crossed(said: Bounds) -> Iterator[Match]:
    for low, lowest in said.lower[:1]:
        for high, highest in said.upper[:1]:
            least, most = lowest.text.strip(" >=v"), highest.text.strip(" <=v")
            if not (found(PLAIN, least) and found(PLAIN, most)):
                continue
            span = read_range(f"<={most}")
            if span.admits is not None and not admits(span, _whole(least)):
                yield Match(
                    highest,
                    f"'{low}' is {lowest.text[:40]} and '{high}' is {highest.text[:40]}: no host lies between.",
                    related=((lowest, "the lower end"),),
                )


def _whole(version: str) -> str:
    """Write a short version with all of its three numbers."""
    return version if found(r"\d+\.\d+\.\d+", version) else ".".join([*version.split("."), "0", "0"][:3])


def _said(inquiry: Inquiry) -> Bounds | None:
    """Return what a plugin's manifest says about its hosts; None for what is no manifest of a generic plugin."""
    if inquiry.manifest is None or inquiry.subject.kind != "plugin" or inquiry.subject.ecosystem != "generic":
        return None
    return bounds(inquiry.manifest.root.members())

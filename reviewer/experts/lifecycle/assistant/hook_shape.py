"""LIF270, LIF271 and LIF272: hooks that never run, or wait for hours: by their event, their shape, their time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.nearest import nearest
from reviewer.experts.assistant.hooks import hooks_of, tables_of
from reviewer.experts.assistant.host import the_host
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_NOT_EVENTS: Final = frozenset({"description", "$schema", "hooks", "version", "name", "_comment", "comment"})
_MILLISECONDS: Final = 1000
"""Seconds from which a time was surely meant as milliseconds: a quarter of an hour and more."""
_EXAMPLE: Final = '{"matcher": "Write", "hooks": [{"type": "command", "command": "…"}]}'


@subject_check("LIF270")
def hook_event_unknown(inquiry: Inquiry) -> Iterator[Match]:
    """Compare the events of every table with those of the host."""
    events = the_host().events
    for _path, table in tables_of(inquiry):
        for event, value in table.members():
            if event in events or event in _NOT_EVENTS:
                continue
            near = nearest(event, events)
            hint = f"; '{near}' is near" if near else f"; there are {', '.join(events[:6])} and others"
            yield Match(
                value.key or value,
                f"There is no event '{short(event)}'{hint}: its hooks never run.",
                fix=f"Write '{near}'." if near else "",
            )


@subject_check("LIF271")
def hook_malformed(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the shape of every group and every hook."""
    for path, table in tables_of(inquiry):
        if path.endswith(".json") and path != inquiry.subject.manifest_path and table.key is None:
            known = [key for key, _value in table.members() if key in the_host().events]
            if known:
                at = table.get(known[0])
                yield Match(
                    at.key or at if at is not None else table,
                    f"The events stand at the top of the file; the file of a plugin has them under 'hooks': "
                    f'{{"hooks": {{"{known[0]}": […]}}}}.',
                )
        for event, groups in table.members():
            if event in the_host().events:
                yield from _groups(event, groups)


def _groups(event: str, groups: Value) -> Iterator[Match]:
    if groups.kind != "array":
        yield Match(groups, f"'{event}' is no list; expected [{_EXAMPLE}].")
    for group in groups.items():
        matcher = group.get("matcher")
        if matcher is not None and matcher.kind != "string":
            yield Match(matcher, f"The matcher of '{event}' is no text; expected for example \"Write|Edit\".")
        elif matcher is not None and not _compiles(matcher.text):
            yield Match(matcher, f"The matcher '{short(matcher.text)}' is no regular expression: it fits nothing.")
        hooks = group.get("hooks")
        if hooks is None or hooks.kind != "array":
            yield Match(hooks or group, f"A group of '{event}' has no list 'hooks'; expected {_EXAMPLE}.")
        for hook in hooks.items() if hooks is not None else ():
            yield from _hook(event, hook)


def _hook(event: str, hook: Value) -> Iterator[Match]:
    types = the_host().hook_types
    kind = hook.get("type")
    if kind is None or kind.text not in types:
        near = nearest(kind.text, types) if kind is not None else None
        said = f"has the type '{short(kind.text)}'" if kind is not None else "has no type"
        hint = f"; '{near}' is near" if near else ""
        at = kind if kind is not None else hook
        yield Match(at, f"A hook of '{event}' {said}; expected one of {', '.join(types)}{hint}.")
        return
    needed = hook.get(types[kind.text])
    if needed is None or not needed.text.strip():
        yield Match(
            needed or kind,
            f"A hook of the type '{kind.text}' says what to do in '{types[kind.text]}', which is missing.",
        )


def _compiles(pattern: str) -> bool:
    """Tell whether the host could read a matcher; what only another dialect reads is let pass."""
    if pattern.strip() == "*" or "(?" in pattern or "\\" in pattern:
        return True
    try:
        found(pattern, "")
    except Exception:  # noqa: BLE001 - the library raises an error type of its own that stubs do not know
        return False
    return True


@subject_check("LIF272")
def hook_timeout(inquiry: Inquiry) -> Iterator[Match]:
    """Find times that were meant in another unit, or that are no times."""
    for hook in hooks_of(inquiry):
        value = hook.entry.get("timeout")
        if value is None:
            continue
        number = value.data
        if isinstance(number, bool) or not isinstance(number, int | float) or number <= 0:
            yield Match(value, f"The timeout is {short(str(value.plain()))}; expected seconds, for example 30.")
        elif number >= _MILLISECONDS:
            meant = int(number) // 1000
            yield Match(
                value,
                f"The timeout counts seconds: {number:,} are {number / 3600:.1f} hours in which everything waits.",
                fix=f"Write {meant or 30}.",
            )

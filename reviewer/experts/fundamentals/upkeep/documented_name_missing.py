"""FUN375: the documentation names a command, an event or a setting that the plugin does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UnreadableError
from reviewer.core.location import Location
from reviewer.core.nearest import nearest
from reviewer.core.regex import regex
from reviewer.experts.api.settings import offered
from reviewer.experts.check import Match, subject_check
from reviewer.experts.communication.named_commands import named_commands, spoken_elsewhere
from reviewer.experts.communication.named_events import named_events

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_NAME: Final = regex(r"`([A-Za-z][\w-]{0,60}(?:[.:][\w-]{1,60}){1,6})(?:\([^`]{0,80}\))?`")
_PAGES: Final = frozenset({"readme.md", "usage.md", "readme.txt"})
_FILES: Final = frozenset(
    "js mjs cjs ts mts cts tsx jsx py pyi json jsonc md txt yaml yml toml html css csv xml sql db log sh zip lock "
    "png svg jpg ini cfg env example com org net io dev".split()
)
"""Last parts of the names of files and hosts."""
_ITEMS: Final = ("-", "*", "+", "|", "1", "2", "3", "4", "5", "6", "7", "8", "9")
_PAST: Final = regex(
    r"(?i)\b(removed|renamed|deprecated|replaced by|formerly|obsolete|migrating|breaking changes?|no longer|"
    r"not supported|unsupported)\b|=>|→|\s->\s"
)
"""What a line says of names that are no more, also of those in the list below it."""
_LARGEST: Final = 300_000
_MOST: Final = 50


@subject_check("FUN375")
def documented_name_missing(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the names in the documentation beside the manifest against those of manifest and code."""
    if inquiry.manifest is None or inquiry.subject.kind != "plugin":
        return
    commands, events, settings = named_commands(inquiry), named_events(inquiry), offered(inquiry)
    known = commands.registered.keys() | commands.declared.keys() | events.sent.keys() | events.heard.keys()
    known |= settings.known.keys() if settings is not None else set()
    spaces = {_space(name) for name in known} - {""}
    if not spaces:
        return
    told: set[str] = set()
    named = list(_named(inquiry))
    unsaid = known - {name for _path, _line, _column, name in named}
    for path, number, column, name in named:
        if _space(name) not in spaces or name in known or name in told or len(told) >= _MOST:
            continue
        if _spoken_of(inquiry, name, open_names=commands.open):
            continue
        told.add(name)
        meant = _meant(name, {one for one in unsaid if _space(one) == _space(name)})
        hint = f" Did you mean '{meant}'?" if meant else ""
        yield Match(
            Location(path=path, line=number, column=column, end_line=number, end_column=column + len(name)),
            f"The documentation names '{name}', and neither the manifest nor the code knows it: who follows it gets "
            f"nothing.{hint}",
        )


def _meant(name: str, unsaid: set[str]) -> str:
    """Return the name of the namespace that the documentation leaves out, or the nearest of several."""
    if len(unsaid) == 1:
        return next(iter(unsaid))
    lasts = {one.replace(":", ".").rpartition(".")[2]: one for one in sorted(unsaid)}
    return lasts.get(nearest(name.replace(":", ".").rpartition(".")[2], lasts) or "", "")


def _space(name: str) -> str:
    """Return the namespace of a name: ``notes`` of ``notes.add``."""
    return name.replace(":", ".").rpartition(".")[0]


def _named(inquiry: Inquiry) -> Iterator[tuple[str, int, int, str]]:
    """Yield path, line, column and name of what stands between backticks outside of blocks of code."""
    folder = inquiry.subject.manifest_path.rpartition("/")[0]
    for path in inquiry.subject.files:
        around, _, last = path.rpartition("/")
        if around != folder or last.lower() not in _PAGES:
            continue
        try:
            text = inquiry.subject.read(path)[:_LARGEST].decode("utf-8", "replace")
        except UnreadableError:
            continue
        fenced = of_past = False
        for number, line in enumerate(text.split("\n"), 1):
            fenced = fenced is not line.lstrip().startswith(("```", "~~~"))
            if line.strip() and not line.lstrip().startswith(_ITEMS):
                of_past = _PAST.search(line) is not None
            for hit in () if fenced or of_past or _PAST.search(line[:2_000]) else _NAME.finditer(line[:2_000]):
                if hit[1].replace(":", ".").rpartition(".")[2].lower() not in _FILES:
                    yield path, number, hit.start(1) + 1, hit[1]


def _spoken_of(inquiry: Inquiry, name: str, *, open_names: bool) -> bool:
    """Tell whether the manifest or the code spells a name, or may put it together."""
    manifest = inquiry.subject.manifest_path
    try:
        if manifest and name.encode() in inquiry.subject.read(manifest):
            return True
    except UnreadableError:
        return True
    if spoken_elsewhere(inquiry, name, 0):
        return True
    last = name.replace(":", ".").rpartition(".")[2]
    return open_names and any(True for _path in inquiry.project.paths(naming={last}))

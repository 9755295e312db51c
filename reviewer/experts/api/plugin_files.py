"""Whether a host reads a data file by a fixed name from a folder that it is given: what every plugin brings along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.text.words import words
from reviewer.core.regex import regex
from reviewer.experts.api.vocabulary import MEMBERS, flat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.project import Project

_FILE: Final = regex(
    rb"(?:[/,]\s{0,9}[frbFRB]?[\"'`](?:\.?/)?|[}*]/|\+\s{0,9}[\"'`]/|\bURL\(\s{0,9}[\"'`](?:\./)?|joinpath\(\s{0,9}[\"'])"
    rb"([a-zA-Z][\w.-]{1,40})\.(?:jsonc?|ya?ml|toml)[\"'`]"
)
"""The name of a data file behind a folder: ``join(folder, "it.toml")``, ``folder / "it.toml"``, ``"*/it.toml"``."""
_OF_THE_HOST: Final = frozenset(
    "config configuration conf settings state states lock registry registries index grant grants policy policies cache "
    "db database history journal store stored log audit queue package tsconfig installed catalog catalogue ledger "
    "snapshot session sessions schema openapi preferences prefs secrets credentials users tenants accounts permissions "
    "messages locale translations pyproject composer quarantine disabled enabled trusted keys roles".split()
)
"""What the files are called that a host keeps for itself, or that are no word of a plugin's."""
_ENOUGH: Final = 4
_IDENTITIES: Final = frozenset("id identifier name key slug handle title".split())


def describes_plugin(project: Project | None, names: list[str], called: str = "") -> bool:
    """Tell whether members with a version among them are those of a file that every plugin of the subject has.

    ``called`` is what has them: ``applet.schema.json`` describes ``applet.json``.
    """
    spelled = {flat(name) for name in names}
    if project is None or "version" not in spelled or len(spelled) < _ENOUGH:
        return False
    files = plugin_files(project)
    if len(spelled & (MEMBERS | _IDENTITIES)) > 1:
        return bool(files)
    return not set(words(called)).isdisjoint(word for name in files for word in words(name))


def plugin_files(project: Project) -> frozenset[str]:
    """Return the names, without endings, of the data files that code reads from folders that it is given."""
    return project.once("api.plugin-files", lambda: frozenset(_named(project)))


def _named(project: Project) -> Iterator[str]:
    for _path, text in project.texts():
        for hit in _FILE.finditer(text):
            name = hit[1].decode("ascii", "replace")
            if not _OF_THE_HOST & set(words(name)):
                yield name

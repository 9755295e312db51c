"""One path to review, with everything that the review of it depends on besides its bytes."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from reviewer.engine.configuration.files import ConfigurationFile
from reviewer.engine.request import Request


class Job(Struct, frozen=True):
    """What a worker is given; ``name`` is the path as a person wrote it, ``path`` the absolute one."""

    path: str
    name: str
    request: Request
    configurations: tuple[ConfigurationFile, ...] = ()
    """Files that may govern the path, nearest first."""
    purpose: str = "review"
    """``review``; or what to tell about instead: ``settings``, ``files``, ``changes`` since a revision, or the
    ``entries`` of a registry document."""
    since: str = ""
    """A revision, where the purpose is ``changes``."""
    unsaved: dict[str, str] = field(default_factory=dict)
    """Text of files as an editor has it, by path in the root, in place of what is on disk."""
    refused: dict[str, str] = field(default_factory=dict)
    """Paths in the root that are not to be read any more, with the reason."""
    silenced: dict[str, str] = field(default_factory=dict)
    """Rules whose checks of the whole subject are not to run any more, with the reason."""
    context: int = 0
    """Lines above and below each place that are taken along for whoever shows it."""
    survey: bool = False
    """True where the interfaces of each subject are to be found, too."""
    inventory: bool = False
    """True where it is to be told what is in each subject, and less of what its review says."""
    observe: bool = False
    """True where it is to be told what was observed, too, so that a later review can go on from there."""
    before: dict[str, Any] | None = None
    """What is known already: a `results.Before` as plain data, which only the worker has to understand."""
    hurried: bool = False
    """True where only what is known already may still be looked at."""

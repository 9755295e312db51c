"""The files of a plugin that its hooks and servers name, and how they name them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.nearest import nearest
from reviewer.core.regex import regex
from reviewer.experts.assistant.hooks import hooks_of
from reviewer.experts.assistant.host import BUNDLE
from reviewer.experts.assistant.servers import servers_of
from reviewer.subject.building import Building

if TYPE_CHECKING:
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

ROOT: Final = regex(
    r"(?:\$\{(?:CLAUDE_PLUGIN_ROOT|__dirname)\}|\$CLAUDE_PLUGIN_ROOT)[\"']?[/\\]([^\s\"'`;|&)<>,]{1,300})"
)
_WORDS: Final = regex(r"\"[^\"]{0,1000}\"|'[^']{0,1000}'|[^\s\"']{1,1000}")
_PROGRAM: Final = regex(r"\"(?:[^\"\\]|\\.){0,3000}\"|'[^']{0,3000}'")
_ONE_WORD: Final = regex(r"[\"'][^\s;(){}|]{0,400}[\"']")
_SETS: Final = regex(r"[A-Za-z_]\w{0,80}=")
_STARTS: Final = regex(r"&&|\|\||[|;\n]")
INTERPRETERS: Final = {
    "bash": ".sh", "sh": ".sh", "zsh": ".sh", "python": ".py", "python3": ".py", "node": ".js", "bun": ".js",
    "deno": ".ts", "ruby": ".rb", "perl": ".pl", "pwsh": ".ps1",
}  # fmt: skip
"""Programs that run a file, with the suffix of what they read."""
_MADE: Final = ("node_modules/", ".venv/", "venv/", "vendor/", "dist/", "build/", "target/", "lib/", "bin/")
"""Folders that an installation or a build fills."""
_SUFFIX: Final = regex(r"\.(?:sh|bash|zsh|py|js|mjs|cjs|ts|rb|pl|ps1)$")


class Named(Struct, frozen=True):
    """A path in a command, with the program in front of it where there is one."""

    at: Value | Location
    path: str
    by: str
    rooted: bool
    """Whether it counts from the folder of the plugin, and not from wherever the person works."""
    leads: bool = True
    """Whether it stands where a program or its first argument does."""


def named_in(inquiry: Inquiry) -> list[Named]:
    """Return the paths in the commands of hooks and servers; worked out once."""
    known = inquiry.memory.get("assistant-named")
    if isinstance(known, list):
        return known
    made = list(_named(inquiry))
    inquiry.memory["assistant-named"] = made
    return made


def _named(inquiry: Inquiry) -> Iterator[Named]:
    for hook in hooks_of(inquiry):
        if hook.type == "command" and hook.command is not None:
            yield from _of_text(hook.line, hook.command)
    bundle = inquiry.subject.ecosystem == BUNDLE
    for server in servers_of(inquiry):
        if server.text("command"):
            yield from _of_text(server.text("command"), server.place)
        before = server.text("command").rsplit("/", 1)[-1]
        for argument in server.arguments:
            for one in _of_text(argument.text, argument, before):
                if bundle or server.value.get("cwd") is None or one.rooted:
                    yield one
            before = "" if not argument.text.startswith("-") else before


def _of_text(text: str, at: Value, before: str = "") -> Iterator[Named]:
    """Yield the paths of a piece of shell text; a quoted program in it is only asked for paths of the plugin."""
    told: set[str] = set()
    joined = _joined(text[:4000])
    for part in _STARTS.split(_PROGRAM.sub(_blank, joined)):
        words = [word.strip("\"'") for word in _WORDS.findall(part)]
        words = [word for word in words if word and not _SETS.match(word)]
        by = before
        for number, word in enumerate(words):
            leads = number == 0 or by != ""
            hit = ROOT.search(word)
            if hit is not None and word.startswith("$"):
                told.add(hit[1])
                yield Named(at, hit[1].rstrip("/"), by, rooted=True, leads=leads)
            elif leads and _SUFFIX.search(word) and not word.startswith(("-", "$", "~", "http")):
                yield Named(at, word, by, rooted=False)
            if number == 0 and not before:
                by = word.rsplit("/", 1)[-1]
            elif not word.startswith("-"):
                by = ""
    for hit in ROOT.finditer(joined):
        if hit[1] not in told:
            yield Named(at, hit[1].rstrip("/"), "", rooted=True, leads=False)


def _blank(quoted: re.Match[str]) -> str:
    """Return a quoted text as it stands where it is one word, and nothing for one that is a program."""
    return quoted[0] if _ONE_WORD.fullmatch(quoted[0]) else '""'


def _joined(text: str) -> str:
    """Return shell text in which a quoted variable and the path behind it are one word."""
    return re.sub(r"[\"'](\$\{?CLAUDE_PLUGIN_ROOT\}?)[\"']", r"\1", text)


def there(inquiry: Inquiry, path: str) -> bool:
    """Tell whether a path inside the plugin is a file or a folder of it, or can't be told by its text."""
    if any(sign in path for sign in "*$`{}?["):
        return True
    inside = posixpath.normpath(path.replace("\\", "/"))
    return any(one == inside or one.startswith(f"{inside}/") for one in inquiry.subject.files)


def made_later(inquiry: Inquiry, path: str) -> bool:
    """Tell whether an installation or a build puts a file there."""
    if inquiry.subject.root.archive:
        return False
    inside = posixpath.normpath(path.replace("\\", "/"))
    return inside.startswith(_MADE) or Building(inquiry.subject).makes(inside, ("", ".js", ".mjs", ".cjs"))


def near_to(inquiry: Inquiry, path: str) -> str:
    """Return the file that a path may mean, or an empty string."""
    name = path.rsplit("/", 1)[-1]
    same = [one for one in inquiry.subject.files if one.rsplit("/", 1)[-1] == name]
    folder = path.rpartition("/")[0]
    beside = [one for one in inquiry.subject.files if one.rpartition("/")[0] == folder]
    return same[0] if len(same) == 1 else nearest(path, beside[:2000]) or ""

"""Reads configuration files and puts command line, configuration and defaults together."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from reviewer.core.errors import UsageError
from reviewer.core.location import Location
from reviewer.core.nearest import did_you_mean
from reviewer.core.settings import PathIgnore, Settings
from reviewer.engine.configuration.files import LARGEST, PROJECT_FILE, ConfigurationFile
from reviewer.engine.configuration.globs import into_folder, out_of_folder
from reviewer.engine.configuration.keys import BY_NAME, KEYS
from reviewer.engine.configuration.values import Reader
from reviewer.subject.document import DocumentError, Value
from reviewer.subject.documents.read import read_document

if TYPE_CHECKING:
    from reviewer.engine.request import Request


class Governed(Struct, frozen=True):
    """Settings, where each came from, and the file that governs (empty for none)."""

    settings: Settings
    origins: dict[str, str]
    """Field of the settings to ``command line`` or ``file:line``; a default is not in it."""
    file: str = ""
    ignored: tuple[str, ...] = ()
    """Configuration files inside the subject that were not honoured."""


def govern(files: tuple[ConfigurationFile, ...], request: Request) -> Governed:
    """Return the settings under the nearest of ``files``, which come nearest first.

    With ``request.untrusted`` files inside the subject are passed over and listed. Raises
    `UsageError` for every mistake in the file that governs.
    """
    ignored: list[str] = []
    for file in files:
        if request.untrusted and file.inside and not file.explicit:
            if _table(file, quiet=True) is not None:
                ignored.append(file.stable)
            continue
        table = _table(file)
        if table is None:
            continue
        values, origins = _read(file, table)
        settings, asked = request.over(Settings(**values))
        origins.update(dict.fromkeys(asked, "command line"))
        return Governed(settings, origins, file.shown, tuple(ignored))
    settings, asked = request.over(Settings())
    return Governed(settings, dict.fromkeys(asked, "command line"), "", tuple(ignored))


def _table(file: ConfigurationFile, *, quiet: bool = False) -> Value | None:
    """Return the table of the keys, or None where a ``pyproject.toml`` has none."""
    is_project = file.name == PROJECT_FILE
    if is_project and b"reviewer" not in file.content:
        return None  # saves reading a file that most projects have and few configure us in
    if len(file.content) > LARGEST:
        if quiet:
            return Value({}, Location(file.name, 1, 1, 1, 1))
        if is_project and not file.explicit:
            return None
        raise UsageError(f"{file.shown}: a configuration file has at most {LARGEST:,} bytes")
    if is_project and not file.explicit and not _configures(file.content):
        return None
    try:
        document = read_document(file.name, file.content)
    except DocumentError as error:
        if quiet:
            return None if is_project else Value({}, error.location)
        if is_project and not file.explicit:
            return None  # a broken manifest is the review's business, it can't configure anything
        place = error.location
        raise UsageError(f"{file.shown}:{place.line}:{place.column}: {error.message}") from error
    table = document.get("tool", "reviewer") if is_project else document.root
    if table is None and file.explicit:
        raise UsageError(f"{file.shown}: there is no table [tool.reviewer]")
    return table


def _configures(content: bytes) -> bool:
    """Tell whether a ``pyproject.toml`` may have our table; finding the place of each value takes ten times as long."""
    import tomllib

    try:
        tool = tomllib.loads(content.decode("utf-8-sig")).get("tool")
    except (ValueError, RecursionError):
        return True
    return isinstance(tool, dict) and "reviewer" in tool


def _read(file: ConfigurationFile, table: Value) -> tuple[dict[str, Any], dict[str, str]]:
    """Return values by field of the settings, and the place of each."""
    if not isinstance(table.data, dict):
        raise UsageError(f"{file.shown}:{table.location.line}: [tool.reviewer] is not a table")
    reader = Reader(file.shown)
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name, value in table.members():
        key = BY_NAME.get(name)
        place = value.place
        if key is None:
            raise UsageError(
                f"{file.shown}:{place.line}:{place.column}: unknown key {name[:80]!r}"
                f"{did_you_mean(name, BY_NAME)} (known: {', '.join(key.name for key in KEYS)})"
            )
        values[key.setting] = _placed(file, key.shape, reader.read(key, value))
        origins[key.setting] = f"{file.shown}:{place.line}"
    return values, origins


def _placed(file: ConfigurationFile, shape: str, read: Any) -> Any:
    """Restate paths of a value relative to the reviewed root."""
    if shape == "folders":
        return tuple(str(PurePath(file.folder, folder)) for folder in read)
    if shape == "file":
        return str(PurePath(file.folder, *_below(file, read)))
    if shape == "globs":
        return tuple(moved for glob in read for moved in _moved(file, glob))
    if shape == "ignores":
        return tuple(replace(entry, glob=glob, path=file.stable) for entry in read for glob in _moved(file, entry.glob))
    return read


def _below(file: ConfigurationFile, path: str) -> list[str]:
    """Return the steps of a path below the configuration's folder; raises `UsageError` for one that leads elsewhere."""
    steps = [step for step in path.replace("\\", "/").split("/") if step not in ("", ".")]
    if not steps or ".." in steps or PurePath(path).is_absolute() or ":" in path:
        raise UsageError(f"{file.shown}: found {path[:80]!r}, expected a file below the configuration's folder")
    return steps


def _moved(file: ConfigurationFile, glob: str) -> tuple[str, ...]:
    if file.above:
        return (out_of_folder(glob, file.above),)
    return into_folder(glob, file.below)


def described(governed: Governed) -> list[tuple[str, str, str]]:
    """Return (key, value, origin) of every setting in the order of the keys, for a person."""
    rows = []
    for key in KEYS:
        value = getattr(governed.settings, key.setting)
        rows.append((key.name, _spelled(value), governed.origins.get(key.setting, "default")))
    return rows


def _spelled(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return "[" + ", ".join(_spelled(item) for item in value) + "]"
    if isinstance(value, PathIgnore):
        return f"{value.glob}: {', '.join(value.rules)}"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if value != "" else '""'

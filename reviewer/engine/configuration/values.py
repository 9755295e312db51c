"""Reads one value of the configuration, or says what was found, what was expected, and what would be right."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UsageError
from reviewer.core.nearest import did_you_mean
from reviewer.core.regex import regex
from reviewer.core.scale import Severity, Strictness
from reviewer.core.settings import PathIgnore
from reviewer.engine.configuration.keys import IGNORE_FIELDS, Key

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.subject.document import Value

_DAY: Final = regex(r"\d{4}-\d{2}-\d{2}")
_LONGEST_SHOWN: Final = 60


class Reader:
    """Reads the values of one configuration file, which messages call ``shown``."""

    def __init__(self, shown: str) -> None:
        """Take the file's name as a person knows it."""
        self.shown = shown

    def read(self, key: Key, value: Value) -> object:
        """Return the value as `Settings` holds it; raises `UsageError` where it is not one."""
        return _READERS[key.shape](self, key, value)

    def refuse(self, key: Key, value: Value, hint: str = "") -> UsageError:
        """Say what stands there, what should, and the smallest right example."""
        expected = key.expects
        if key.choices and key.shape != "number":
            expected += f" ({', '.join(key.choices)})"
        place = value.location
        return UsageError(
            f"{self.shown}:{place.line}:{place.column}: {key.name}: found {_show(value)}, expected {expected}"
            f"{hint}\n  for example: {_indent(key.example)}"
        )

    def word(self, key: Key, value: Value) -> str:
        """Read one word, out of the key's choices where it has some."""
        if not isinstance(value.data, str) or not value.data:
            raise self.refuse(key, value)
        if key.choices and value.data not in key.choices:
            raise self.refuse(key, value, did_you_mean(value.data, key.choices))
        return value.data

    def number(self, key: Key, value: Value) -> int:
        """Read one of the numbers that the key allows."""
        if isinstance(value.data, bool) or not isinstance(value.data, int) or str(value.data) not in key.choices:
            raise self.refuse(key, value)
        return value.data

    def switch(self, key: Key, value: Value) -> bool:
        """Read true or false."""
        if not isinstance(value.data, bool):
            raise self.refuse(key, value)
        return value.data

    def words(self, key: Key, value: Value) -> tuple[str, ...]:
        """Read a list of words."""
        if not isinstance(value.data, list):
            raise self.refuse(key, value)
        return tuple(self.word(key, item) for item in value.data)

    def severities(self, key: Key, value: Value) -> tuple[tuple[str, Severity], ...]:
        """Read a table from rule id to severity."""
        if not isinstance(value.data, dict):
            raise self.refuse(key, value)
        return tuple((rule, Severity(self.word(key, level))) for rule, level in value.members())

    def threshold(self, key: Key, value: Value) -> Severity | None:
        """Read a severity, or ``none`` for a gate that never fails."""
        word = self.word(key, value)
        return None if word == "none" else Severity(word)

    def strictness(self, key: Key, value: Value) -> Strictness:
        """Read how much is shown."""
        return Strictness(self.word(key, value))

    def ignores(self, key: Key, value: Value) -> tuple[PathIgnore, ...]:
        """Read the entries of ``per-path-ignores``."""
        if not isinstance(value.data, list):
            raise self.refuse(key, value)
        return tuple(self._ignore(key, entry) for entry in value.data)

    def _ignore(self, key: Key, entry: Value) -> PathIgnore:
        if not isinstance(entry.data, dict):
            raise self.refuse(key, entry)
        known = {field.name: field for field in IGNORE_FIELDS}
        texts: dict[str, str] = {}
        rules: tuple[str, ...] = ()
        for name, value in entry.members():
            field = known.get(name)
            if field is None:
                raise UsageError(
                    f"{self._at(value)}: an entry of {key.name} has no field {name[:80]!r}"
                    f"{did_you_mean(name, known)} (fields: {', '.join(known)})"
                )
            if name == "rules":
                rules = self.words(Key(f"{key.name}.rules", "", "words", "a list of rules", "", field.example), value)
            else:
                wanted = "a day as YYYY-MM-DD" if name == "until" else "a text"
                single = Key(f"{key.name}.{name}", "", "word", wanted, "", field.example)
                texts[name] = self.word(single, value).strip()
                if not texts[name] or (name == "until" and not _is_day(texts[name])):
                    raise self.refuse(single, value)
        missing = [name for name, field in known.items() if field.required and name not in entry.data]
        if missing or not rules:
            lacking = missing[0] if missing else "rules"
            raise UsageError(
                f"{self._at(entry)}: an entry of {key.name} lacks {lacking!r}\n"
                f"  for example: {_indent(known[lacking].example)}"
            )
        return PathIgnore(
            glob=texts["path"],
            rules=rules,
            reason=texts["reason"],
            pointer=texts.get("pointer", ""),
            until=texts.get("until", ""),
            path=self.shown,
            line=entry.location.line,
        )

    def _at(self, value: Value) -> str:
        place = value.place
        return f"{self.shown}:{place.line}:{place.column}"


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _show(value: Value) -> str:
    """Return a value as a message quotes it: short, and by its type where it is a container."""
    if isinstance(value.data, dict | list):
        return f"an {value.kind}"
    text = repr(value.data) if not isinstance(value.data, bool) else str(value.data).lower()
    if isinstance(value.data, str):
        text = f'"{value.data}"'
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def _indent(example: str) -> str:
    return example if "\n" not in example else "\n    " + example.replace("\n", "\n    ")


_READERS: Final[dict[str, Callable[[Reader, Key, Value], object]]] = {
    "word": Reader.word,
    "number": Reader.number,
    "words": Reader.words,
    "severities": Reader.severities,
    "threshold": Reader.threshold,
    "strictness": Reader.strictness,
    "ignores": Reader.ignores,
    "folders": Reader.words,
    "file": Reader.word,
    "switch": Reader.switch,
    "globs": Reader.words,
}

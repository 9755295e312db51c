"""Writes a design file: a new one as a whole, an existing one by its changed lines, so that comments stay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reviewer.blueprint.inputs import INPUTS
from reviewer.blueprint.reading import DesignError, read_design
from reviewer.core.errors import UsageError
from reviewer.core.regex import regex
from reviewer.core.whole_file import replace_file

if TYPE_CHECKING:
    from reviewer.blueprint.model import Design

_WORD: Final = regex(r"(?!null\b|true\b|false\b|yes\b|no\b|on\b|off\b)[a-z][a-z_]*")


def design_text(design: Design, name: str = "plugin-design.yaml") -> str:
    """Return a design as a file: YAML, JSON by the name, in the order of the model, without what is not set."""
    plain = plain_design(design)
    if name.lower().endswith(".json"):
        return json.dumps(plain, indent=2, ensure_ascii=False) + "\n"
    import yaml

    text: str = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=100)
    return text


def plain_design(design: Design) -> dict[str, Any]:
    """Return a design as plain data, in the order of the model, without what nobody has set."""
    plain: dict[str, Any] = design.model_dump(exclude_none=True)
    return {key: value for key, value in plain.items() if value not in ([], {})}


def saved_text(design: Design, path: Path) -> str:
    """Return what a design file has to hold after a change.

    Of an existing file only the lines of changed answers are touched. What can't be changed so is
    written anew where no comment is lost by it; else `UsageError` is raised.
    """
    if not path.exists():
        if path.name.lower().endswith(".toml"):
            raise UsageError(f"{path}: a new design is written as YAML or JSON; name it plugin-design.yaml")
        return design_text(design, path.name)
    old = path.read_text(encoding="utf-8")
    anew = "" if "#" in old else design_text(design, path.name)
    for text in (old, _patched(old, path, design), anew):
        if text and _reads_as(text, path, design):
            return text
    raise UsageError(f"{path}: this change can't be saved without losing your comments; make it in the file")


def save(design: Design, path: Path) -> None:
    """Write the design file as a whole or not at all; raises `UsageError`."""
    text = saved_text(design, path)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    try:
        replace_file(path, text.encode("utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: the design can't be saved: {error.strerror}") from error


def _reads_as(text: str, path: Path, design: Design) -> bool:
    """Tell whether a text is this design."""
    try:
        found, _ = read_design(path.name, text.encode())
    except DesignError:
        return False
    return plain_design(found) == plain_design(design)


def _patched(old: str, path: Path, design: Design) -> str:
    """Return the file with the changed answers put into their lines; empty where that can't be done."""
    toml = path.name.lower().endswith(".toml")
    if not toml and not path.name.lower().endswith((".yaml", ".yml")):
        return ""
    before, document = read_design(path.name, old.encode())
    wanted = plain_design(design).get("inputs", {})
    had = plain_design(before).get("inputs", {})
    lines = old.splitlines()
    inputs = document.get("inputs")
    changed = [key for key in INPUTS if wanted.get(key) != had.get(key)]
    last = 0
    for key, value in inputs.members() if inputs is not None else ():
        last = max(last, value.location.end_line)
        if key in changed and key in wanted and value.location.line == value.location.end_line:
            line, place = lines[value.location.line - 1], value.location
            lines[place.line - 1] = (
                f"{line[: place.column - 1]}{_scalar(wanted[key], plain=not toml)}{line[place.end_column - 1 :]}"
            )
    new = [key for key in changed if key in wanted and key not in had]
    if not last and new:
        lines += ["", "[inputs]"] if toml else ["inputs:"]
        last = len(lines)
    sign, indent = (" = ", "") if toml else (": ", "  ")
    lines[last:last] = [f"{indent}{key}{sign}{_scalar(wanted[key], plain=not toml)}" for key in new]
    return "\n".join(lines) + "\n"


def _scalar(value: Any, *, plain: bool) -> str:
    """Spell an answer; ``plain`` leaves words without quotes, which TOML does not take."""
    if isinstance(value, list):
        return f"[{', '.join(_scalar(item, plain=plain) for item in value)}]"
    if plain and isinstance(value, str) and _WORD.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)

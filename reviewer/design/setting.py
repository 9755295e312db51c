"""Sets single answers and decisions of a design, as ``--set key=value`` and the interview do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, get_args

from pydantic import ValidationError

from reviewer.blueprint.inputs import INPUTS, Inputs, is_list, texts_of
from reviewer.blueprint.model import FORMS, UNNAMED, Design
from reviewer.blueprint.naming import wrong_choice
from reviewer.blueprint.reading_rules import shipped_rulebook
from reviewer.blueprint.targets import host_of, wrong_target
from reviewer.core.errors import UsageError
from reviewer.core.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.blueprint.rulebook import Dimension, Value

REASON: Final = "Set by hand, without a reason."
"""The reason of a decision that was set without one; the open questions ask for it."""
TEXTS: Final = ("host.id", "host.name", "plugin.id", "plugin.name", "summary", "target")
"""Names of the design that can be set besides answers and decisions."""

_YES: Final = ("yes", "y", "true", "on")
_NO: Final = ("no", "n", "false", "off")
_LONGEST: Final = 80


def with_settings(design: Design, assignments: Iterable[str]) -> Design:
    """Return the design with every ``key=value`` in it; raises `UsageError` for what can't be set.

    A key is an input, a decision, or one of `TEXTS`; ``key=`` takes an answer or a decision back.
    """
    plain = design.model_dump(exclude_unset=True)
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        key, text = key.strip(), text.strip()
        if not equals:
            raise UsageError(f"--set: found {assignment[:_LONGEST]!r}, expected key=value; for example authors=public")
        _set(plain, key, text)
    return _valid(plain)


def with_values(design: Design, values: Mapping[str, Value]) -> Design:
    """Return the design with inputs and decisions of these values, as ways out name them."""
    plain = design.model_dump(exclude_unset=True)
    for key, value in values.items():
        data = list(value) if isinstance(value, tuple) else value
        if key in INPUTS:
            plain.setdefault("inputs", {})[key] = data
        else:
            plain.setdefault("decisions", {})[key] = {"choose": data, "reason": REASON}
    return _valid(plain)


def _set(plain: dict[str, Any], key: str, text: str) -> None:
    """Put one value into the plain data of a design."""
    if key in INPUTS:
        inputs = plain.setdefault("inputs", {})
        if text:
            inputs[key] = parse_answer(key, text)
        else:
            inputs.pop(key, None)
        return
    dimensions = {name: one for name, one in shipped_rulebook().dimensions.items() if not one.each}
    if key in dimensions:
        decisions = plain.setdefault("decisions", {})
        if text:
            decisions[key] = {"choose": _choice(dimensions[key], text), "reason": REASON}
        else:
            decisions.pop(key, None)
        return
    if key == "target":
        _set_target(plain, text)
        return
    if key in TEXTS:
        outer, _, inner = key.partition(".")
        if inner:
            plain.setdefault(outer, {})[inner] = text
        else:
            plain[outer] = text
        return
    if key == "trust":
        raise UsageError("--set: trust is derived, never chosen; set authors, reviewed, data or dependency_authors")
    hint = did_you_mean(key, [*INPUTS, *dimensions, *TEXTS]) or "; `reviewer design --keys` lists what can be set"
    raise UsageError(f"--set: there is no input or decision {key[:_LONGEST]!r}{hint}")


def _set_target(plain: dict[str, Any], name: str) -> None:
    """Put the host that is there already into the plain data of a design, or take it out; an unnamed host is named."""
    wrong = wrong_target(name) if name else ""
    if wrong:
        raise UsageError(f"--set: {wrong}")
    plain["target"] = name or None
    if name and plain.get("host") == UNNAMED.model_dump():
        plain["host"] = host_of(name)


def parse_answer(key: str, text: str) -> Any:
    """Return an answer in the type of its input; raises `UsageError` with the values that are right."""
    annotation = Inputs.model_fields[key].annotation
    choices = texts_of(annotation)
    if is_list(annotation):
        items = [] if text in ("-", "none") else [item.strip() for item in text.split(",") if item.strip()]
        for item in items:
            if choices and item not in choices:
                raise UsageError(_wrong(key, item, choices))
        return list(dict.fromkeys(items))
    kinds = get_args(annotation)
    if bool in kinds:
        if text.lower() not in (*_YES, *_NO):
            raise UsageError(f"{key} is {text[:_LONGEST]!r}; expected yes or no")
        return text.lower() in _YES
    if choices:
        if text not in choices:
            raise UsageError(_wrong(key, text, choices))
        return text
    return _number(key, text, whole=_is_whole(annotation))


def _is_whole(annotation: Any) -> bool:
    """Tell whether an input is a whole number."""
    return any(int in (one, *get_args(one)) for one in get_args(annotation))


def _number(key: str, text: str, *, whole: bool) -> int | float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    least = 0 if whole else 1e-9
    if not (least <= number <= 1_000_000_000) or (whole and number != int(number)):
        expected = "a whole number" if whole else "a number above 0"
        raise UsageError(f"{key} is {text[:_LONGEST]!r}; expected {expected}, for example {20 if whole else 0.5}")
    return int(number) if whole or number == int(number) else number


def _choice(dimension: Dimension, text: str) -> str | int | list[str]:
    """Return a choice in the shape that the dimension takes; raises `UsageError`."""
    chosen: str | int | list[str] = text
    if dimension.takes == "several":
        chosen = [] if text in ("-", "none") else [one.strip() for one in text.split(",") if one.strip()]
    elif dimension.takes == "number":
        chosen = int(text) if text.isdecimal() and len(text) < 10 else text
    wrong = wrong_choice(dimension, chosen)
    if wrong:
        raise UsageError(f"--set: {wrong}")
    return chosen


def _wrong(key: str, found: str, choices: tuple[str, ...]) -> str:
    return f"{key} is {found[:_LONGEST]!r}; expected one of {', '.join(choices)}{did_you_mean(found, choices)}"


def _valid(plain: dict[str, Any]) -> Design:
    try:
        return Design.model_validate(plain)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        expected = FORMS.get(str(first.get("ctx", {}).get("pattern")), first["msg"])
        raise UsageError(f"--set: {where} is {str(first['input'])[:_LONGEST]!r}; expected {expected}") from error

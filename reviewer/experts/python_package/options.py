"""The options and settings that a plugin of pytest adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from msgspec import Struct, field

from reviewer.experts.communication.constants import fixed_text

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Call
    from reviewer.experts.check import Inquiry

ADDING = frozenset({"addoption", "addini", "_addoption"})


class Options(Struct):
    """The names under which a plugin's options can be asked for; ``whole`` is false where some are worked out."""

    options: set[str] = field(default_factory=set)
    settings: set[str] = field(default_factory=set)
    whole: bool = True


def options(inquiry: Inquiry) -> Options:
    """Return the options of a package; worked out once."""
    known = inquiry.memory.get("python.options")
    if known is None:
        found = Options()
        for module in inquiry.project.modules(ADDING, tests=False):
            for call in module.calls(ADDING):
                _add(module, call, found)
        known = inquiry.memory["python.options"] = found
    return cast("Options", known)


def _add(module: Module, call: Call, found: Options) -> None:
    names = [fixed_text(module, arg) for arg in call.args]
    if call.name == "addini":
        name = names[0] if names else fixed_text(module, call.keywords.get("name"))
        found.settings.add(name)
        found.whole = found.whole and bool(name)
        return
    dest = fixed_text(module, call.keywords.get("dest"))
    found.whole = found.whole and all(names) and bool(names) and ("dest" not in call.keywords or bool(dest))
    found.options.update(name for name in names if name)
    found.options.add(dest or next((_dest(name) for name in names if name.startswith("--")), ""))


def _dest(name: str) -> str:
    return name.lstrip("-").replace("-", "_")

"""FUN012: the class of a plugin lacks a member of the contract that lies beside it, under which its host calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter, is_stopper
from reviewer.code.text.words import words
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Function
    from reviewer.experts.check import Inquiry

_GUESTS: Final = frozenset({"plugin", "extension", "addon", "addin", "mod", "module", "integration", "applet"})
_DECLARES: Final = regex(
    rb"\b(?:interface|class)\s+\w{0,80}(?i:plugin|extension|add_?on|add_?in|mod|module|integration|applet)\b"
)
"""What the text of a file with such a contract has: the others need not be looked into."""


@module_check("FUN012", words={"class"})
def contract_beside(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Hold the one class of a plugin that its host wakes against the one contract for plugins in its files."""
    if module.is_test or inquiry.subject.kind != "plugin":
        return
    for cls in module.classes:
        if cls.kind != "class" or cls.bases or cls.decorators or not any(is_starter(one.name) for one in cls.methods):
            continue
        contract = _contract(inquiry)
        if contract is None:
            return
        own = {method.name: method for method in cls.methods}
        held = {field.name for field in cls.fields} | set(module.scopes.fields(cls)) | set(own)
        asked = [one.name for one in contract.methods if one.signature_only or module.language == "python"]
        asked += [field.name for field in contract.fields if not field.optional]
        asked = [name for name in dict.fromkeys(asked) if not name.startswith("_")]
        lacking = [name for name in asked if name not in held]
        if not any(is_starter(name) and name in own for name in asked) or len(lacking) * 2 > len(asked):
            continue
        for name in lacking:
            meant = _misnamed(name, own, asked)
            if meant is None:
                continue
            yield Match(
                meant,
                f"'{contract.name}' asks for '{name}', and '{cls.name}' has '{meant.name}' instead, which nobody "
                "calls: the host's call fails, and what it was to end stays.",
                related=((locate(contract.module, contract), "the contract"),),
                fix=f"Call it '{name}', and let the class say that it keeps '{contract.name}'.",
            )


def _contract(inquiry: Inquiry) -> Class | None:
    """Return the one interface for plugins that the files of a plugin hold."""

    def work() -> Class | None:
        found = [
            cls
            for module in inquiry.project.modules(naming=_GUESTS, tests=False, showing=_DECLARES.search)
            for cls in module.classes
            if cls.kind == "interface"
            and set(words(cls.name)[-1:]) & _GUESTS
            and any(is_starter(one.name) for one in cls.methods)
        ]
        return found[0] if len(found) == 1 else None

    return inquiry.project.once("fundamentals.contract for plugins", work)


def _misnamed(name: str, own: dict[str, Function], asked: list[str]) -> Function | None:
    """Return the method that does under another name what a host would call by this one."""
    for other in own.values():
        if other.name in asked or other.private or other.name.startswith("_"):
            continue
        if (is_stopper(name) and is_stopper(other.name)) or (is_starter(name) and is_starter(other.name)):
            return other
    return None

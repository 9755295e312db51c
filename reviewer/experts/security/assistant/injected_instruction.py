"""SEC277: a page that commands the assistant against the person that it works for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, ExprStatement, Literal, Object, strip
from reviewer.experts.assistant.host import BUNDLE
from reviewer.experts.assistant.page import Role
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.assistant.wording import command_in
from reviewer.experts.check import Match, module_check, subject_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_MOST: Final = 40
_DECORATORS: Final = frozenset({"tool", "prompt"})


@subject_check("SEC277")
def injected_instruction(inquiry: Inquiry) -> Iterator[Match]:
    """Read the prose of every page, the descriptions that are always in the assistant's view, and those of tools."""
    for page in parts_of(inquiry).pages:
        for value in (page.get("description"), page.get("when_to_use")):
            if value is not None and (what := command_in(value.text)):
                yield Match(value, f"The description {what}.")
        told = 0
        for line in page.lines:
            what = command_in(line.text, line.heading) if line.role is Role.PROSE else ""
            if what and told < _MOST:
                told += 1
                start = len(line.text) - len(line.text.lstrip())
                yield Match(page.place(line.number, start), f"'{short(line.text)}' {what}.")
    for value in _descriptions(inquiry):
        what = command_in(value.text)
        if what:
            yield Match(value, f"The description {what}.")


@module_check("SEC277")
def instruction_in_tool(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Read the descriptions that a server gives the assistant with its tools."""
    if module.is_test:
        return
    for text, node in _described(module):
        what = command_in(text)
        if what:
            yield Match(node, f"The description, which the assistant obeys, {what}.")


def _described(module: Module) -> Iterator[tuple[str, Node]]:
    """Yield the texts that describe tools: under ``description``, and the first text of a function under ``@tool``."""
    for node in module.all(Object):
        text = node.get("description")
        if isinstance(text, Literal) and isinstance(text.value, str):
            yield text.value, text
    for call in module.all(Call):
        text = call.keywords.get("description")
        text = text or (call.arg(1) if call.name in ("tool", "addTool") and len(call.args) > 2 else None)
        if isinstance(text, Literal) and isinstance(text.value, str):
            yield text.value, text
    for function in module.functions:
        names = {getattr(strip(one), "name", "") for one in function.decorators}
        first = function.body[0] if names & _DECORATORS and function.body else None
        text = first.value if isinstance(first, ExprStatement) else None
        if isinstance(text, Literal) and isinstance(text.value, str):
            yield text.value, text


def _descriptions(inquiry: Inquiry) -> Iterator[Value]:
    """Yield the descriptions of tools and prompts in the manifest of a bundle."""
    manifest = inquiry.manifest
    if manifest is None or inquiry.subject.ecosystem != BUNDLE:
        return
    for key in ("tools", "prompts"):
        listed = manifest.get(key)
        for entry in listed.items() if listed is not None else ():
            for value in (entry.get("description"), entry.get("text")):
                if value is not None and value.text:
                    yield value

"""SEC279, over the files of a plugin: the environment is gone through for keys in one, and another sends data away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Comprehension, For, Index
from reviewer.code.walk import walk
from reviewer.experts.assistant.sending import sendings_of
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_WHOLE: Final = r"\bos\.environ\b|\bprocess\.env\b"
_KEYS: Final = r"[\"'](\w*_)?(KEY|API_KEY|APIKEY)(_\w*)?[\"']"
_SECRETS: Final = r"[\"'](\w*_)?(SECRET|TOKEN|PASSWORD|CREDENTIAL|PRIVATE)S?(_\w*)?[\"']"
_COLLECTS: Final = frozenset({"append", "add", "update", "push", "set"})
_MOST: Final = 400


@subject_check("SEC279")
def secrets_harvested(inquiry: Inquiry) -> Iterator[Match]:
    """Find loops that pick keys out of the environment, in a plugin that sends something to an address of its own."""
    harvests: list[Location] = []
    sender: tuple[Location, str] | None = None
    for path in inquiry.project.sources[:_MOST]:
        module = inquiry.project.module(path)
        if module is None or module.is_test:
            continue
        harvests += [locate(module, node) for node in _harvests(module)]
        for sending in sendings_of(module) if sender is None else ():
            if sending.host:
                sender = (locate(module, sending.call), sending.host)
    if sender is None:
        return
    for place in harvests:
        yield Match(
            place,
            f"The environment is gone through for keys, and the plugin sends data to '{short(sender[1])}'.",
            related=((sender[0], "what is sent"),),
        )


def _harvests(module: Module) -> Iterator[Node]:
    """Yield the loops over the whole environment in a file that names the words by which keys are known."""
    source = module.source.decode("utf-8", "replace")
    if not (found(_WHOLE, source) and found(_SECRETS, source) and found(_KEYS, source)):
        return
    for node in (*module.all(For), *module.all(Comprehension)):
        first = module.text_of(node)[:200].split(":\n", 1)[0]
        if found(_WHOLE, first) and (isinstance(node, Comprehension) or _keeps(node)):
            yield node


def _keeps(loop: Node) -> bool:
    """Tell whether a loop puts what it finds into a collection; one that blots it out of a text does not."""
    for node in walk(loop):
        if isinstance(node, Assign) and isinstance(node.target, Index):
            return True
        if isinstance(node, Call) and node.name in _COLLECTS:
            return True
    return False

"""REG226: a file of declarativeNetRequest rules that the browser refuses, or parts of which do nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UnreadableError
from reviewer.core.nearest import nearest
from reviewer.core.scale import Severity
from reviewer.experts.browser.permissions import asked_for, is_host, names_elsewhere
from reviewer.experts.check import Match, subject_check
from reviewer.experts.named_files import named_files
from reviewer.subject.document import DocumentError
from reviewer.subject.documents.read import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_AT: Final = "declarative_net_request.rule_resources"
_NEEDS: Final = {
    "block": (),
    "allow": (),
    "allowAllRequests": (),
    "upgradeScheme": (),
    "redirect": ("redirect",),
    "modifyHeaders": ("requestHeaders", "responseHeaders"),
}
"""The kinds of actions, and the members one of which each needs."""
_ON_HOSTS: Final = frozenset({"redirect", "modifyHeaders"})
_TWO: Final = (
    ("urlFilter", "regexFilter"),
    ("resourceTypes", "excludedResourceTypes"),
    ("requestMethods", "excludedRequestMethods"),
)
_ONLY_ONE: Final = frozenset({"urlFilter", "regexFilter"})
_MOST: Final = 20


@subject_check("REG226")
def blocking_rules(inquiry: Inquiry) -> Iterator[Match]:
    """Look at every rule of the files that the manifest names."""
    hosts = any(is_host(name) for name in {one.name for one in asked_for(inquiry)} | names_elsewhere(inquiry))
    seen: set[str] = set()
    for one in named_files(inquiry):
        if not one.pointer.startswith(_AT) or not one.path or one.path in seen:
            continue
        seen.add(one.path)
        try:
            root = read_document(one.path, inquiry.subject.read(one.path)).root
        except (DocumentError, UnreadableError) as error:
            yield Match(one.value, f"The rules in '{one.path}' can't be read: {error}.")
            continue
        if root.kind != "array":
            yield Match(root, "A file of rules is a list, and this is none: the browser refuses the extension.")
            continue
        for count, match in enumerate(_in_file(root, hosts=hosts)):
            if count == _MOST:
                break
            yield match


def _in_file(root: Value, *, hosts: bool) -> Iterator[Match]:
    ids: dict[int, Value] = {}
    told = False
    for rule in root.items():
        yield from _id(rule, ids)
        action = rule.get("action")
        kind = action.get("type") if action is not None else None
        if action is None or kind is None:
            yield Match(action or rule, "The rule says nothing of what it does: it needs an 'action' with a 'type'.")
        elif kind.text not in _NEEDS:
            meant = nearest(kind.text, _NEEDS)
            hint = f"; did you mean '{meant}'?" if meant else ""
            yield Match(kind, f"There is no action '{kind.text[:40]}'{hint or '.'} The browser refuses the rule.")
        elif _NEEDS[kind.text] and not any(action.get(need) is not None for need in _NEEDS[kind.text]):
            needed = "' or '".join(_NEEDS[kind.text])
            yield Match(kind, f"'{kind.text}' needs '{needed}' beside it: the browser refuses the rule.")
        elif kind.text in _ON_HOSTS and not hosts and not told:
            told = True
            yield Match(
                kind,
                f"'{kind.text}' works on the sites that the manifest asks for, and it asks for none: the rule does "
                "nothing.",
                fix="Name the sites in 'host_permissions'.",
            )
        yield from _condition(rule)


def _id(rule: Value, ids: dict[int, Value]) -> Iterator[Match]:
    number = rule.get("id")
    if number is None or not isinstance(number.data, int) or isinstance(number.data, bool) or number.data < 1:
        yield Match(number or rule, "A rule needs an 'id', a whole number from 1 on: the browser refuses this one.")
    elif number.data in ids:
        yield Match(
            number,
            f"Two rules have the id {number.data}: the browser refuses the file.",
            related=((ids[number.data], "the first"),),
        )
    else:
        ids[number.data] = number
    priority = rule.get("priority")
    if priority is not None and (not isinstance(priority.data, int) or priority.data < 1):
        yield Match(priority, "A priority is a whole number from 1 on: the browser refuses the rule.")


def _condition(rule: Value) -> Iterator[Match]:
    condition = rule.get("condition")
    if condition is None or condition.kind != "object":
        yield Match(condition or rule, "The rule has no 'condition': the browser refuses it. '{}' means every request.")
        return
    for one, other in _TWO:
        first, second = condition.get(one), condition.get(other)
        if first is None or second is None:
            continue
        both = {item.text for item in first.items()} & {item.text for item in second.items()}
        if one in _ONLY_ONE or both:
            yield Match(second, f"'{one}' and '{other}' exclude each other: the browser refuses the rule.")
    pattern = condition.get("urlFilter")
    if pattern is not None and (not pattern.text or not pattern.text.isascii() or pattern.text.startswith("||*")):
        yield Match(
            pattern,
            "A 'urlFilter' is not empty, holds ASCII alone (other hosts in their xn-- form) and does not begin with "
            "'||*': the browser refuses the rule.",
            severity=Severity.MEDIUM,
        )

"""The permission picture of a subject: what it asks for, what its code uses, and how risky that is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from reviewer.core.review import PermissionPlace, Permissions
from reviewer.experts.permission_use import covers, picture
from reviewer.subject.permission_table import permission_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.experts.permission_asked import Declared
    from reviewer.experts.permission_use import Picture
    from reviewer.subject.document import Value
    from reviewer.subject.permission_table import Combination, PermissionTable

_FIELDS: Final = ("permissions", "capabilities")
_OPTIONAL: Final = ("optionalPermissions", "optional_permissions")
_MOST: Final = 500
"""Permissions of one manifest that are listed."""
_MOST_PLACES: Final = 200
"""Places of one manifest that are told."""
_PLACES_OF_ONE: Final = 5
"""Uses of one permission that are told."""
_SCOPED: Final = 0.4
_MOST_RISK: Final = 100


def permissions_of(inquiry: Inquiry) -> Permissions:
    """Return declared, used, undeclared and unused permissions as ``resource.action``, and the risk score."""
    table = permission_table(inquiry.subject.ecosystem)
    if table is None:
        from reviewer.experts.browser.picture import extension_permissions

        of_api = extension_permissions(inquiry)
        if of_api is not None:
            return of_api
        return Permissions(declared=tuple(sorted(set(declared_permissions(inquiry)))[:_MOST]))
    if inquiry.subject.kind == "design":
        from reviewer.experts.designs import designed_permissions

        return designed_permissions(inquiry)
    found = picture(inquiry)
    asked = {item.permission for item in found.declared}
    used = {item.permission for item in found.used}
    sure = {item.permission for item in found.used if item.sure}
    undeclared = {name for name in sure if not any(covers(one, name) or covers(name, one) for one in asked)}
    told = {name for name in asked if name.split(".", 1)[0] not in table.free}  # the use of others is not followed
    unused = {name for name in told if not any(covers(name, one) or covers(one, name) for one in used)}
    return Permissions(
        declared=tuple(sorted(asked)),
        used=tuple(sorted(used)),
        undeclared=tuple(sorted(undeclared)) if inquiry.manifest is not None else (),
        unused=tuple(sorted(unused)) if found.code and not found.open else (),
        score=risk(table, found.declared),
        places=tuple(_places(table, found)),
    )


def _places(table: PermissionTable, found: Picture) -> Iterator[PermissionPlace]:
    """Yield where permissions are asked for, then where they are used, of each permission the first few."""
    asked = sorted({item.permission for item in found.declared})
    told: Counter[str] = Counter()
    for item in sorted(found.declared, key=lambda item: item.at.place)[:_MOST_PLACES]:
        yield PermissionPlace(
            item.permission, item.at.place, item.spelled, declared=True, risk=table.risk(item.permission),
            scoped=item.scoped,
        )  # fmt: skip
    for use in sorted(found.used, key=lambda use: (use.at, use.permission)):
        told[use.permission] += 1
        if told[use.permission] <= _PLACES_OF_ONE:
            covering = tuple(one for one in asked if covers(one, use.permission) or covers(use.permission, one))
            yield PermissionPlace(
                use.permission, use.at, use.call, declared=False, risk=table.risk(use.permission),
                covered_by=covering, sure=use.sure,
            )  # fmt: skip


def risk(table: PermissionTable, declared: tuple[Declared, ...]) -> int:
    """Return the risk of what is asked for, from 0 to 100.

    Seven times the greatest base risk times breadth, three tenths of the others', and a bonus
    for each dangerous combination; what is limited to hosts, paths or the like counts 0.4.
    """
    weights = sorted(
        (table.risk(item.permission) * (_SCOPED if item.scoped else 1.0) for item in declared), reverse=True
    )
    if not weights:
        return 0
    bonus = sum(combination.bonus for combination, _parts in combinations(table, declared))
    return min(_MOST_RISK, round(7 * weights[0] + 3 * sum(weights[1:]) / 10 + bonus))


def combinations(
    table: PermissionTable, declared: tuple[Declared, ...]
) -> Iterator[tuple[Combination, tuple[Declared, ...]]]:
    """Yield the dangerous combinations among declared permissions that say nothing of how far they reach."""
    seen: set[str] = set()
    for combination in table.combinations:
        parts: list[Declared] = []
        for name in combination.all:
            part = next((item for item in declared if _fits(table, item, name) and not item.scoped), None)
            if part is None:
                break
            parts.append(part)
        else:
            if combination.name not in seen:
                seen.add(combination.name)
                yield combination, tuple(parts)


def _fits(table: PermissionTable, item: Declared, name: str) -> bool:
    if "." not in name:
        return item.permission.split(".", 1)[0] == name
    return any(covers(item.permission, member) for member in table.members(name))


def declared_permissions(inquiry: Inquiry) -> Iterator[str]:
    """Yield the declared permissions: plain texts, objects of resource and action, or a table."""
    document = inquiry.manifest
    if document is None:
        return
    for name in (*_FIELDS, *_OPTIONAL):
        value = document.get(name)
        if value is not None:
            yield from _of(value)


def _of(value: Value) -> Iterator[str]:
    for item in value.items():
        if item.text:
            yield item.text
        else:
            yield from _of_object(item)
    for resource, actions in value.members():
        granted = [action.text for action in actions.items() if action.text]
        granted += [action for action, flag in actions.members() if flag.data is True]
        if actions.text:
            granted.append(actions.text)
        if actions.data is True:
            yield resource
        for action in granted:
            yield f"{resource}.{action}"


def _of_object(item: Value) -> Iterator[str]:
    """Yield ``resource.action`` of one entry that is an object, in the spellings of the field."""
    resource = item.get("resource") or item.get("name") or item.get("id") or item.get("permission")
    if resource is None or not resource.text:
        return
    actions = item.get("actions") or item.get("action") or item.get("access")
    words = [action.text for action in actions.items() if action.text] if actions is not None else []
    if actions is not None and actions.text:
        words.append(actions.text)
    if not words:
        yield resource.text
    for word in words:
        yield f"{resource.text}.{word}"

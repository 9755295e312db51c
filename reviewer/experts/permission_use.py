"""What a plugin asks for in its manifest, and what its code uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Index, Literal, Member, Name, Node, strip
from reviewer.experts.permission_table import PermissionTable, permission_table
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_ROOTS: Final = ("context", "ctx", "this.context", "this.ctx")
_FIELDS: Final = ("permissions", "optionalPermissions", "optional_permissions")
_RESOURCE_KEYS: Final = ("resource", "name", "id", "permission", "type")
_MOST: Final = 500
"""Permissions of one manifest, and uses of one subject, that are looked at."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One permission as the manifest asks for it.

    ``permission`` is ``resource.action``, with ``*`` for every action; ``at`` is the manifest's
    own place for it, ``scoped`` tells whether it says how far it reaches.
    """

    permission: str
    at: Value
    scoped: bool
    spelled: str


@dataclass(frozen=True, slots=True)
class Used:
    """One permission that code uses: by a service of the context, or around it (``direct``)."""

    permission: str
    at: Location
    call: str
    direct: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything about the permissions of a subject.

    ``open`` tells that the context goes where it can't be followed, so that more may be used.
    """

    declared: tuple[Declared, ...]
    used: tuple[Used, ...]
    open: bool
    code: bool
    """Whether there is code to look at."""


def picture(inquiry: Inquiry) -> Picture:
    """Return what is asked for and what is used; worked out once per review."""
    known = inquiry.memory.get("permissions.picture")
    if isinstance(known, Picture):
        return known
    table = permission_table(inquiry.subject.ecosystem)
    made = Picture((), (), open=True, code=False) if table is None else _work_out(inquiry, table)
    inquiry.memory["permissions.picture"] = made
    return made


def covers(declared: str, used: str) -> bool:
    """Tell whether a declared permission, which may end in ``*``, is enough for what is used."""
    if declared == used:
        return True
    resource, _, action = declared.partition(".")
    return action == "*" and used.split(".", 1)[0] == resource


def _work_out(inquiry: Inquiry, table: PermissionTable) -> Picture:
    declared = tuple(_declared(inquiry, table))[:_MOST]
    used: list[Used] = []
    escaped = False
    code = False
    for module in inquiry.project.modules():
        if module.is_test:
            continue
        code = True
        escaped = _of_module(module, table, used) or escaped
    return Picture(declared, tuple(used[:_MOST]), open=escaped, code=code)


# Declared


def _declared(inquiry: Inquiry, table: PermissionTable) -> Iterator[Declared]:
    document = inquiry.manifest
    if document is None:
        return
    for name in _FIELDS:
        value = document.get(name)
        if value is None:
            continue
        for item in value.items():
            yield from _of_item(item, table)
        for resource, actions in value.members():
            yield from _of_resource(resource, actions, table)


def _of_item(item: Value, table: PermissionTable) -> Iterator[Declared]:
    if item.text:
        resource, _, action = item.text.replace(":", ".").partition(".")
        for permission in table.declared(resource, action):
            yield Declared(permission, item, scoped=False, spelled=item.text)
        return
    resource_value = next(
        (found for key in _RESOURCE_KEYS if (found := item.get(key)) is not None and found.text), None
    )
    if resource_value is not None:
        resource, _, action = resource_value.text.replace(":", ".").partition(".")
        scoped = any(key in table.scopes - {"reason", "description", "optional"} for key, _value in item.members())
        for value in [item.get("actions"), item.get("action"), item.get("access")]:
            for word in [*value.items(), value] if value is not None else ():
                if word.text:
                    action = action or word.text
        for permission in table.declared(resource, action):
            yield Declared(permission, item, scoped=scoped, spelled=resource_value.text)


def _of_resource(resource: str, actions: Value, table: PermissionTable) -> Iterator[Declared]:
    if actions.data is False or actions.data is None:
        return
    if not isinstance(actions.data, dict | list):
        action = (
            actions.text
            if actions.text and actions.text.isalpha() and actions.text in ("read", "write", "all", "full")
            else ""
        )
        for permission in table.declared(resource, action):
            yield Declared(permission, actions, scoped=bool(actions.text) and not action, spelled=resource)
        return
    if isinstance(actions.data, list):
        for item in actions.items():
            for permission in table.declared(resource, item.text if item.text.isidentifier() else ""):
                yield Declared(permission, item, scoped=not item.text.isidentifier(), spelled=f"{resource}.{item.text}")
        return
    scoped = any(
        key in table.scopes - {"reason", "description", "optional", "purpose", "justification"}
        for key, _v in actions.members()
    )
    for action, value in actions.members():
        if action in table.scopes or value.data in (False, None):
            continue
        inner = scoped or isinstance(value.data, dict | list) or (bool(value.text) and value.text not in ("all", "*"))
        for permission in table.declared(resource, action):
            yield Declared(permission, value, scoped=inner, spelled=f"{resource}.{action}")


# Used


def _of_module(module: Module, table: PermissionTable, used: list[Used]) -> bool:
    """Add what a module uses; tell whether its context goes where it can't be followed."""
    escaped = False
    relevant = module.words & {"context", "ctx"} or module.identifiers & {name.split(".")[0] for name in table.direct}
    if not relevant and "activate" not in module.words:
        return False
    for node in module.all_nodes:
        if (
            isinstance(node, Index)
            and not isinstance(strip(node.key), Literal)
            and module.resolve(node.object) == "context"
        ):
            escaped = True
        elif isinstance(node, Call):
            _of_call(module, node, table, used)
        elif isinstance(node, Member) and not _is_longer(node):
            _of_member(module, node, table, used)
    return escaped


def _is_longer(node: Member) -> bool:
    """Tell whether a member is only a part of a longer path or of a call."""
    parent = node.parent
    return isinstance(parent, Member) or (isinstance(parent, Call) and parent.callee is node)


def _of_call(module: Module, call: Call, table: PermissionTable, used: list[Used]) -> None:
    name = module.resolve(call.callee)
    if not name:
        return
    parts = name.split(".")
    if parts[0] == "context" and len(parts) > 2:
        permission = table.needed(parts[1].rstrip("()"), parts[2].rstrip("()"))
        if permission:
            used.append(Used(permission, locate(module, call), f"context.{parts[1]}.{parts[2]}", direct=False))
        return
    permission = table.direct.get(name, "")
    if permission and (isinstance(call.callee, Member) or not _is_local(module, call)):
        used.append(Used(permission, locate(module, call), name, direct=True))


def _is_local(module: Module, call: Call) -> bool:
    """Tell whether a plain name that is called is defined in the file itself."""
    callee = call.callee
    if not isinstance(callee, Name):
        return False
    return any(
        isinstance(binding, Node) and type(binding).__name__ in ("Function", "Param", "Class")
        for binding in module.scopes.lookup(callee.id, callee)
    )


def _of_member(module: Module, node: Member, table: PermissionTable, used: list[Used]) -> None:
    """Add a service that is passed on without being called here: all that it can do may be used."""
    parts = module.resolve(node).split(".")
    if parts[0] != "context" or len(parts) not in (2, 3) or parts[1] in table.free or "(" in parts[1]:
        return
    resource = table.resource(parts[1])
    if len(parts) == 3:
        permission = table.needed(parts[1], parts[2])
    elif table.knows(resource):
        permission = f"{resource}.*"
    else:
        return
    used.append(Used(permission, locate(module, node), ".".join(parts), direct=False))

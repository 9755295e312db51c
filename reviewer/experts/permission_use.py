"""What the code of a plugin uses, held against what its manifest asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import conditions
from reviewer.code.reach.links import callee as callee_of
from reviewer.code.syntax import (
    Assign,
    Call,
    Class,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    strip,
)
from reviewer.code.walk import find, function_of
from reviewer.core.location import Location
from reviewer.experts.data.messages import short
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.leading import leading_text
from reviewer.experts.named_actions import narrowed
from reviewer.experts.permission_asked import Declared, asked_for
from reviewer.experts.place import locate
from reviewer.experts.service_handed import calls_of_handed, is_default
from reviewer.experts.tooling import is_tooling
from reviewer.subject.permission_table import PermissionTable, permission_table

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ROOTS: Final = ("this.context.", "this.ctx.", "this._context.", "this._ctx.", "this.#context.", "this.#ctx.")
"""How methods of a plain object reach the context that an earlier one kept."""
_GETTERS: Final = frozenset("getService get_service service use require get inject resolve lookup services".split())
"""Methods of a context that give a service by its name."""
_WRITERS: Final = frozenset({"insert", "update", "upsert", "delete"})
_SESSIONS: Final = frozenset({"ClientSession", "AsyncClient", "Client", "Session"})
_REQUESTS: Final = frozenset("get post put patch delete head request stream ws_connect send".split())
_WAKING: Final = frozenset(
    {"context", "ctx", "activate", "setup", "start", "enable", "load", "launch", "init", "mount"}
)
"""Words of a file in which a plugin is handed what it works with."""
_WIDER: Final = {"network.connect": ("network.fetch",)}
"""Permissions that are enough for what is less: who may connect to a host may ask it for a page."""
_MOST: Final = 500
"""Permissions of one manifest, and uses of one subject, that are looked at."""


class Used(Fact, frozen=True):
    """One permission that code uses: by a service of the context, or around it (``direct``)."""

    permission: str
    at: Location
    call: str
    direct: bool
    sure: bool = True
    """False for what may as well be the plugin's own business, such as reading a file that it brings along."""


class Picture(Struct, frozen=True):
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
    if declared == used or used in _WIDER.get(declared, ()):
        return True
    resource, _, action = declared.partition(".")
    return action == "*" and used.split(".", 1)[0] == resource


def _work_out(inquiry: Inquiry, table: PermissionTable) -> Picture:
    declared = tuple(asked_for(inquiry, table))[:_MOST]
    parts = list(_USES.of(inquiry))
    asked = {one.permission for one in declared}
    used = tuple(narrowed(one, asked) for part in parts for one in part.used)[:_MOST]
    return Picture(declared, used, open=any(part.escaped for part in parts), code=bool(parts))


class _Uses(Fact, frozen=True):
    """What one module uses; ``escaped`` where its context goes where it can't be followed."""

    used: tuple[Used, ...] = ()
    escaped: bool = False


def _uses(inquiry: Inquiry, module: Module) -> _Uses | None:
    table = permission_table(inquiry.subject.ecosystem)
    if table is None or is_tooling(module.path):
        return None
    direct = {name.split(".")[0] for name in table.direct} | table.soft.keys()
    if module.words.isdisjoint(_WAKING) and module.identifiers.isdisjoint(direct):
        return _Uses()
    used: list[Used] = []
    escaped = _of_module(module, table, used)
    return _Uses(tuple(used[:_MOST]), escaped)


_USES: Final = Drawn("permissions", _uses, _Uses, tests=False)


def _of_module(module: Module, table: PermissionTable, used: list[Used]) -> bool:
    """Add what a module uses; tell whether its context goes where it can't be followed."""
    escaped = False
    for node in module.some(Index, Call, Member, Name):
        if (
            isinstance(node, Index)
            and not isinstance(strip(node.key), Literal)
            and module.resolve(node.object) == "context"
        ):
            escaped = True
        elif isinstance(node, Call):
            _of_call(module, node, table, used)
        elif isinstance(node, Member | Name) and not _is_longer(node):
            escaped = _handed_on(module, node) or escaped
            _of_reference(module, node, table, used)
    return escaped


def _handed_on(module: Module, node: Member | Name) -> bool:
    """Tell whether the whole context is given to something that isn't followed."""
    parent = node.parent
    if not isinstance(parent, Call | Object) or module.resolve(node) != "context":
        return False
    if isinstance(parent, Object):
        return True
    target = callee_of(module, parent)
    if target is None and module.resolve(parent.callee).startswith("../"):
        return False  # a file beside the package, which is not there once it is installed
    position = next((i for i, argument in enumerate(parent.args) if argument is node), -1)
    if target is None or not 0 <= position < len(target.params):
        return True
    return not target.module.scopes.holds_context(target, target.params[position])


def _is_longer(node: Member | Name) -> bool:
    """Tell whether a name or member is only a part of a longer path or of a call."""
    parent = node.parent
    return isinstance(parent, Member) or (isinstance(parent, Call) and parent.callee is node)


def _of_call(module: Module, call: Call, table: PermissionTable, used: list[Used]) -> None:
    name = _from_context(module.resolve(call.callee))
    parts = _service_first(name.split("."), table)
    if parts[0] == "context" and len(parts) > 2 and "(" not in parts[1]:
        _of_method(module, call, parts, table, used)
        return
    if parts[0] == "context":
        _of_service(module, call, parts, table, used)
        return
    permission = table.direct.get(name.removesuffix(".default"), "")
    if permission and (isinstance(call.callee, Member) or not _is_local(module, call)):
        used.append(Used(permission, locate(module, _first_request(module, name) or call), name, direct=True))
        return
    soft = table.soft.get(call.name, "")
    own = callee_of(module, call) is not None or "urllib.request" in name
    if soft and not own and (call.receiver is not None or call.name == "open" or "." in name):
        said = name or short(module.text_of(call.callee))
        used.append(Used(soft, locate(module, call), said, direct=True, sure=False))


def _first_request(module: Module, name: str) -> Call | None:
    """Return the first call that sends something over a session of HTTP, where that is what was made."""
    if name.rsplit(".", 1)[-1] not in _SESSIONS:
        return None
    asked = (one for one in module.calls(_REQUESTS) if module.resolve(one.callee) == f"{name}().{one.name}")
    return next(asked, None)


def _of_method(module: Module, node: Call | Member, parts: list[str], table: PermissionTable, used: list[Used]) -> None:
    """Add what a method of a service needs; one that the table doesn't know may need any action of the service."""
    method = parts[2].removesuffix("()")
    permission = table.needed(parts[1], method)
    if not permission:
        return
    known = table.maps(parts[1], method)
    if not known:
        permission = f"{table.resource(parts[1])}.*"
    elif isinstance(node, Call):
        permission = _of_statement(module, node, permission)
    sure = known and not _is_optional(module, node)
    used.append(Used(permission, locate(module, node), ".".join(parts[:3]), direct=False, sure=sure))


def _is_optional(module: Module, node: Call | Member) -> bool:
    """Tell whether code asks first whether the service is there: who grants it by hand needs no manifest for it."""
    callee = strip(node.callee) if isinstance(node, Call) else node
    if not isinstance(callee, Member):
        return False
    service = module.text_of(callee.object)
    return any(
        module.text_of(part) == service
        for condition in conditions(node)
        for part in (condition.test, getattr(condition.test, "left", None))
        if isinstance(part, Name | Member)
    )


def _from_context(name: str) -> str:
    root = next((root for root in _ROOTS if name.startswith(root)), "")
    return f"context.{name[len(root) :]}" if root else name


def _service_first(parts: list[str], table: PermissionTable) -> list[str]:
    """Leave out what a service stands in: ``context.ui.clipboard.write`` is a method of the clipboard."""
    own = table.knows(table.resource(parts[1])) and table.maps(parts[1], parts[2]) if len(parts) > 2 else True
    grouped = len(parts) > 3 and not own and table.knows(table.resource(parts[2]))
    return [parts[0], *parts[2:]] if grouped and not any("(" in part for part in parts[1:3]) else parts


def _is_local(module: Module, call: Call) -> bool:
    """Tell whether a plain name that is called is defined in the file itself."""
    callee = call.callee
    if not isinstance(callee, Name):
        return False
    return any(
        isinstance(binding, Node) and isinstance(binding, Function | Param | Class)
        for binding in module.scopes.lookup(callee.id, callee)
    )


def _of_statement(module: Module, call: Call, permission: str) -> str:
    """Return what a statement of SQL needs, where the call of a database has one: reading or writing."""
    first = call.arg(0)
    if not permission.startswith("database.") or first is None or call.name in _WRITERS:
        return permission
    verb = leading_text(module, first).lstrip().split(" ", 1)[0].upper()
    if not verb.isalpha():
        return "database.*"
    return "database.read" if verb in ("SELECT", "WITH", "PRAGMA", "EXPLAIN", "SHOW") else "database.write"


def _of_service(module: Module, call: Call, parts: list[str], table: PermissionTable, used: list[Used]) -> None:
    """Add a service that is asked for by name: ``context.getService("storage")``."""
    asked = call.arg(0)
    name = asked.value if isinstance(asked, Literal) else None
    if len(parts) != 2 or parts[1] not in _GETTERS or not isinstance(name, str):
        return
    resource = table.resource(name)
    if table.knows(resource):
        used.append(Used(f"{resource}.*", locate(module, call), f"context.{parts[1]}('{name}')", direct=False))


def _of_reference(module: Module, node: Member | Name, table: PermissionTable, used: list[Used]) -> None:
    """Add what is passed on without being called here: a service, with all that it can do, or a function."""
    if isinstance(node.parent, Call):
        name = module.resolve(node)
        permission = table.direct.get(name, "")
        if permission and "." in name:
            used.append(Used(permission, locate(module, node), name, direct=True))
            return
    if isinstance(node, Name):
        permission = table.direct.get(node.id, "")
        if permission and is_default(module, node):
            used.append(Used(permission, locate(module, node), node.id, direct=True))
        return
    parts = _service_first(_from_context(module.resolve(node)).split("."), table)
    if parts[0] != "context" or len(parts) not in (2, 3) or parts[1] in table.free or "(" in parts[1]:
        return
    if len(parts) == 3:
        if not parts[2].endswith("()"):  # what a call gave is told where the call stands
            _of_method(module, node, parts, table, used)
    elif table.knows(table.resource(parts[1])):
        asked = calls_of_handed(module, node)
        for home, call in asked:
            _of_method(home, call, [*parts, call.name], table, used)
        if asked:
            return
        sure = not _is_asked_for_later(node)
        used.append(Used(f"{table.resource(parts[1])}.*", locate(module, node), ".".join(parts), False, sure))


def _is_asked_for_later(node: Member) -> bool:
    """Tell whether a service is put into a name, and code asks whether that one holds anything."""
    kept = node.parent.target if isinstance(node.parent, Assign) else None
    function = function_of(node)
    if not isinstance(kept, Name) or function is None:
        return False
    tests = (strip(one.test) for one in find(function.body, If))
    parts = (part for test in tests for part in (test, getattr(test, "left", None), getattr(test, "operand", None)))
    return any(isinstance(part, Name) and part.id == kept.id for part in parts)

"""LIF020: a plugin is entered as running before its activation succeeded, and stays when it fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from reviewer.code.flow import guarding_try
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Call, Class, Delete, Expr, Function, Member, Name, Try, Unary, strip
from reviewer.code.tables import tables
from reviewer.code.walk import ancestors, calls_in, function_of, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import with_helpers
from reviewer.experts.lifecycle.bringing.taken_back import undone_on_failure
from reviewer.experts.lifecycle.guests.entries import PASSING, Entry, concerns, entries, ran_after, ran_before
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, HookUse, hooks_of, uses_in
from reviewer.experts.lifecycle.values import last_word, root_name
from reviewer.experts.lifecycle.vocabulary import ACTIVE_WORDS, has_word
from reviewer.experts.told_only import tells

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Table


@module_check("LIF020", words=HOOK_WORDS)
def active_before_activation(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where an entry is made, then the waking hook is called, and nothing takes the entry back."""
    if module.is_test:
        return
    said_at: set[int] = set()
    for use in (one for hook in uses_in(inquiry, module, "start") for one in (hook, *_through_helper(module, hook))):
        entry = _entered_early(inquiry, module, use)
        if entry is not None and id(entry.node) not in said_at:
            said_at.add(id(entry.node))
            where = f"'{entry.table.name}'" if entry.table is not None else "its state"
            said = {"active": "as running", "pending": "as starting"}.get(
                entry.state, "among the plugins that are there"
            )
            yield Match(
                entry.node,
                f"The plugin is entered in {where} {said} before '{module.text_of(use.member)}' has succeeded, "
                "and nothing takes the entry back when it fails.",
                related=((use.call, "activated here"),),
            )


def _through_helper(module: Module, use: HookUse) -> Iterator[HookUse]:
    """Yield the hook as the callers of a helper use it that wakes what it is given, and lets the failure through."""
    frame, root = use.frame, root_name(use.receiver)
    place = next((at for at, one in enumerate(frame.params) if one.name == root), None) if frame is not None else None
    if frame is None or place is None or not frame.name or guarding_try(use.site) is not None:
        return
    for call in module.calls((frame.name,)):
        given = call.arg(place, root)
        if given is not None and function_of(call) is not frame and definition(module, call.callee) is frame:
            yield HookUse("start", use.name, use.member, call, given, call, function_of(call))


def _entered_early(inquiry: Inquiry, module: Module, use: HookUse) -> Entry | None:
    early = [e for e in entries(inquiry, module) if _says_there(module, e, use) and ran_before(e, use.site)]
    early += [e for e in _by_helper(module, use) if ran_before(e, use.site)]
    if not early:
        return None
    if undone_on_failure(module, use.site):
        early = [entry for entry in early if _left_by_undoing(module, entry, use.site)]
        if not early:
            return None
    later = [e for e in entries(inquiry, module) if e.state == "active" and e.table is None and ran_after(e, use.site)]
    if later:
        early = [e for e in early if e.state == "active"]
    early.sort(key=lambda e: (e.state != "active", e.node.line))
    return early[0] if early else None


def _by_helper(module: Module, use: HookUse) -> Iterator[Entry]:
    """Yield the calls that hand a plugin to a function of the file, or of a base class, which puts it on a list."""
    for call in calls_in(use.frame.body) if use.frame is not None else ():
        target = definition(module, call.callee) if call.args and call is not use.site else None
        if not isinstance(target, Function) or target is use.frame or target.module is not module:
            continue
        given = {param.name for param, arg in zip(target.params, call.args, strict=False) if _is_root(arg, use)}
        for table in tables(module) if given else ():
            put = any(a.function is target and _named(a.value) in given for a in table.of("write"))
            if put and table.kind != "set" and not has_word(table.name, PASSING) and _ended_from(module, table):
                yield Entry(call, "", table, root_name(use.receiver))


def _is_root(arg: Expr, use: HookUse) -> bool:
    return _named(arg) != "" and _named(arg) == root_name(use.receiver)


def _named(value: Expr | None) -> str:
    value = strip(value) if value is not None else None
    return value.id if isinstance(value, Name) else ""


def _left_by_undoing(module: Module, entry: Entry, site: Node) -> bool:
    """Tell whether all that is taken back where a hook fails is something else than its entry in a table.

    So it is where each call that takes back goes to a function of the subject, and none of those names the table, or
    to what was made somewhere else with nothing from here.
    """
    table = entry.table
    steps = _steps(site)
    if table is None or entry.state == "pending" or not steps or _taken_out_by_caller(module, table, site):
        return False
    for step in steps:
        for node in walk(step):
            if isinstance(node, Name | Member) and last_word(node) == table.name:
                return False
            if isinstance(node, Call) and not (_is_own(module, node) or _is_elsewhere(module, table, node)):
                return False
            if isinstance(node, Assign | Delete | Unary) and not (isinstance(node, Assign) and node.declare):
                return False
        reached = [target for call in calls_in(step) if (target := _called(module, call)) is not None]
        for function in [one for target in reached for one in with_helpers(target)]:
            if any(last_word(node) == table.name for node in walk(function.body) if isinstance(node, Name | Member)):
                return False
    return True


def _taken_out_by_caller(module: Module, table: Table, site: Node) -> bool:
    """Tell whether a function that calls the one at hand takes entries out of the table itself."""
    frame = function_of(site)
    while frame is not None and not frame.name:
        frame = frame.outer
    around = {id(function_of(call)) for call in module.calls((frame.name,))} if frame is not None else set()
    return any(id(one.function) in around for one in table.of("delete", "clear"))


def _steps(site: Node) -> list[Sequence[Node]]:
    """Return what runs in its own function when a call fails: what catches the error, and what runs in any case."""
    inner: Node = site
    for around in ancestors(site):
        if isinstance(around, Try) and any(inner is one for one in around.body):
            caught: list[Sequence[Node]] = [handler.body for handler in around.handlers if handler.body]
            return [*caught, *([around.final] if caught and around.final else [])]
        if isinstance(around, Function):
            return []
        inner = around
    return []


def _is_elsewhere(module: Module, table: Table, call: Call) -> bool:
    """Tell whether a call can't reach a table that only its owner sees: ``loan.revoke()`` of ``loan = lend(id)``.

    What is made by the subject itself, or is handed a function or the owner, may have a way back.
    """
    holder = strip(call.receiver) if call.receiver is not None else strip(call.callee)
    if isinstance(holder, Name) and call.receiver is None and not module.scopes.lookup(holder.id, holder):
        return True  # of the language: String(error)
    if isinstance(holder, Member):
        passing = has_word(holder.name, PASSING) or _in_any_case(call)
        return holder.name != table.name and is_this_member(holder) and passing
    made = strip(origin) if isinstance(origin := module.scopes.origin(holder), Expr) else None
    while isinstance(made, Member | Await):
        made = strip(made.value if isinstance(made, Await) else made.object)
    if not isinstance(holder, Name) or not isinstance(made, Call) or not _is_hidden(module, table):
        return False
    if made.callee is None or isinstance(definition(module, made.callee), Function | Class):
        return False
    return not any(_leads_back(module, table, node) for one in (made, call) for node in walk([*one.args]))


def _in_any_case(call: Call) -> bool:
    """Tell whether a call is made whether something succeeds or not, so that what it removes says nothing of that."""
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, Try) and any(inner is one for one in around.final):
            return True
        inner = around
    return False


def _is_hidden(module: Module, table: Table) -> bool:
    """Tell whether only the class, or the function, that has a table can reach it."""
    if table.owner is None or "function" in table.owner.raw.type:  # what a factory's functions share counts as fields
        return table.scope is not None or table.owner is not None
    return table.name.startswith(("_", "#")) or module.text_of(table.declared).startswith("private ")


def _leads_back(module: Module, table: Table, node: Node) -> bool:
    """Tell whether something that is handed over lets others reach a table, or run a function that does."""
    if isinstance(node, Member):
        return node.name == table.name or isinstance(definition(module, node), Function)
    if isinstance(node, Name):
        bare = node.id == "this" and not isinstance(node.parent, Member)
        return bare or node.id == table.name or isinstance(definition(module, node), Function)
    return isinstance(node, Function)


def _called(module: Module, call: Call) -> Function | None:
    """Return the function of the subject that a call runs."""
    target = definition(module, call.callee)
    return target if isinstance(target, Function) else None


def _is_own(module: Module, call: Call) -> bool:
    """Tell whether a call runs a function of the subject, or only tells something."""
    return _called(module, call) is not None or tells(call)


def _says_there(module: Module, entry: Entry, use: HookUse) -> bool:
    if entry.state == "resting" or not concerns(module, entry, use):
        return False
    if entry.table is None:
        return entry.state == "active"
    if entry.table.kind == "list" and entry.state != "active":
        return has_word(entry.table.name, ACTIVE_WORDS) or _ended_from(module, entry.table)
    return True


def _ended_from(module: Module, table: Table) -> bool:
    """Tell whether a host ends what it takes out of a list: what stands there counts as running."""
    frames = [use.frame for use in hooks_of(module) if use.kind == "stop" and use.frame is not None]
    ends = {id(one) for frame in frames for one in with_helpers(frame, 1)}
    return any(id(access.function) in ends for access in table.of("delete", "iterate", "clear"))

"""COM021: a command runs for whoever asks."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from reviewer.code.branches import exclusive
from reviewer.code.flow import exits
from reviewer.code.reach.links import definition, named_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assert,
    Assign,
    Binary,
    Call,
    Export,
    Expr,
    ExprStatement,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Switch,
    strip,
)
from reviewer.code.text.ideas import GUESTS
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, find, function_of, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.acting import notes_caller
from reviewer.experts.communication.emissions import caller_params, helpers, named_function, names_caller
from reviewer.experts.communication.executing import Execution, command_executions, remote_executions
from reviewer.experts.communication.policies import policy_unasked, right_to_call_unasked
from reviewer.experts.communication.unread_requirement import unread_requirement
from reviewer.experts.communication.vocabulary import GRANTS, PERMISSION, spoken
from reviewer.experts.paths import name_words
from reviewer.experts.security.deciding.decisions import is_check

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LOGS: Final = frozenset(
    "log logger logging debug info warn warning error audit trace record journal metrics console print count "
    "inc".split()
)


@module_check("COM021", words=())
def command_unauthorised(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that runs a command by name for a check of its caller."""
    if module.is_test:
        return
    seen: set[int] = set()
    for execution in chain(command_executions(inquiry, module), remote_executions(inquiry, module)):
        function = execution.function
        if id(function) in seen or not execution.asked:
            continue
        seen.add(id(function))
        callers = caller_params(function, plugins=False) or _plugin_callers(execution) or _requests(module, function)
        callers = callers or _made_for(execution)
        if _asks(module, function, callers) or _only_after_asking(module, function):
            continue
        if notes_caller(module, function):
            continue  # the guards of the commands read it from there
        yield from _say(inquiry, module, execution, callers)


def _say(inquiry: Inquiry, module: Module, execution: Execution, callers: list[Param]) -> Iterator[Match]:
    name = execution.function.name
    if callers:
        caller = callers[0].name or next(iter(callers[0].fields.values()), "caller")
        passed = _passed_on(module, execution, caller)
        named = caller_params(execution.function, plugins=False) or _plugin_callers(execution)
        scoped = bool(named) and _chosen_for(execution, caller)
        told = caller if named else _in_request(module, callers[0])
        yield Match(
            execution.at,
            f"'{name}' is told who calls ('{told}') and runs the command without asking whether that one may"
            + (": each command is left to check it itself." if passed else "."),
            confidence=Confidence.POSSIBLE
            if (scoped or (passed and not policy_unasked(module, execution.function)))
            and not right_to_call_unasked(inquiry)
            else None,
        )
    elif (field := unread_requirement(inquiry, module, execution.table)) is not None:
        yield Match(
            execution.at, f"Commands are registered with '{field}', and '{name}' runs them without looking at it."
        )
    elif policy_unasked(module, execution.function):
        yield Match(
            execution.at,
            f"'{name}' runs a command without asking the policy that was handed over to it whether its caller may.",
        )
    elif _elsewhere_checked(module, execution.function):
        yield Match(
            execution.at,
            f"'{name}' runs a command without knowing who calls it, while other ways into the host ask for permission.",
        )
    else:
        yield Match(
            execution.at,
            f"'{name}' runs a command without knowing who calls it, so no permission can be asked for.",
            confidence=Confidence.POSSIBLE,
        )


def _made_for(execution: Execution) -> list[Param]:
    """Return for whom a face was made, where its function tells the command so: ``handle(gang)`` gives ``{ run }``."""
    maker = execution.function.outer
    given = names_in([*execution.call.args, *execution.call.keywords.values()])
    return [param for param in maker.params if param.name in given] if maker is not None else []


def _requests(module: Module, function: Function) -> list[Param]:
    """Return the parameters whose type says who asks: ``request.by``."""
    return [
        param
        for param in function.params
        if param.type
        and (shape := named_type(module, param.type)) is not None
        and any(names_caller(field.name, plugins=False) for field in shape.fields)
    ]


def _in_request(module: Module, param: Param) -> str:
    """Return the way to who asks, in a request that is handed over as one: ``request.by``."""
    shape = named_type(module, param.type)
    fields = shape.fields if shape is not None else []
    return next((f"{param.name}.{one.name}" for one in fields if names_caller(one.name, plugins=False)), param.name)


def _plugin_callers(execution: Execution) -> list[Param]:
    """Return the parameters that name a plugin which is not the one that is called."""
    found = []
    asked = (
        {node.id for node in walk(execution.source_key) if isinstance(node, Name)} if execution.source_key else set()
    )
    for param in caller_params(execution.function):
        names = {param.name, *param.fields.values()}
        if not names & asked:
            found.append(param)
    return found


def _asks(module: Module, function: Function, callers: list[Param], depth: int = 0, *, at: Node | None = None) -> bool:
    """Tell whether a function, or one that it calls, asks for permission or holds the caller against something.

    With ``at`` only what is asked on the way to there counts, and not what another branch asks.
    """
    names = {n for p in callers for n in (p.name, *p.fields.values())} - {""}
    for node in walk(function.body):
        if at is not None and isinstance(node, Call | If) and exclusive(node, at):
            continue
        if isinstance(node, Call) and (_is_check(node) or is_check(module, node)):
            return True
        ends = isinstance(node, If) and (exits(node.body) or exits(node.orelse))
        if isinstance(node, If) and ends and _decides(node.test, names) and not _only_himself(function, node, names):
            return True
        if isinstance(node, Assert) and names & _names(node):
            return True
        if isinstance(node, Switch) and any(_decides(asked, names) or names & _names(asked) for asked in _told(node)):
            return True
    if function.decorators and any(set(spoken(d)) & PERMISSION for d in function.decorators):
        return True
    return depth < 2 and any(
        (target.private or target.module is not module or target.owner is function.owner)
        and _asks(module, target, caller_params(target), depth + 1)
        for target in helpers(module, function, at)
        if target.body
    )


def _only_himself(function: Function, node: If, callers: set[str]) -> bool:
    """Tell whether a caller is only kept from asking for himself: ``if (by === other) throw …``."""
    test = strip(node.test)
    if not isinstance(test, Binary) or test.op not in ("==", "===", "is") or not exits(node.body):
        return False
    sides = [strip(test.left), strip(test.right)]
    named = {one.id for one in sides if isinstance(one, Name)}
    return len(named) == 2 and bool(named & callers) and named <= {param.name for param in function.params}


def _told(node: Switch) -> list[Expr]:
    """Return what a ``switch`` or ``match`` looks at: its subject, and what its arms ask."""
    return [node.subject, *(one.guard for one in node.cases if one.guard is not None)]


def _is_check(call: Call) -> bool:
    said = set(words(call.name))
    if words(call.name)[:1] != ("require",):
        said.discard("require")  # ``getRequirePaths`` demands nothing
    if said & PERMISSION and call.name not in ("call", "apply") and (call.args or call.keywords):
        return not (said <= {"guard"} and not call.args)
    receiver = name_words(call.receiver)
    return bool(set(receiver) & GRANTS) and call.name in (
        "has",
        "get",
        "check",
        "test",
        "includes",
        "verify",
        "evaluate",
        "holds",
        "ensure",
    )


def _decides(test: Node, callers: set[str]) -> bool:
    said = spoken(test)
    if said & GRANTS:
        return True
    for node in walk(test):
        if isinstance(node, Name) and node.id in callers:
            parent = node.parent
            if isinstance(parent, Binary) and parent.op in ("==", "!=", "in", "not in"):
                other = parent.right if parent.left is node else parent.left
                if not (isinstance(other, Literal) and other.value is None):
                    return True
            if isinstance(parent, Member) and parent.name not in ("id", "name", "length"):
                return True
            if isinstance(parent, Call) and node is not parent.callee:
                return True
    return False


def _names(node: Node) -> set[str]:
    return {n.id for n in walk(node) if isinstance(n, Name)}


def _requires_else(module: Module, call: Call) -> bool:
    """Tell whether something else than a right is required: a module, or a value of some type."""
    said = words(call.name)
    if said == ("require",) and module.language != "python" and len(call.args) == 1 and call.receiver is None:
        return True
    return said[:1] == ("require",) and not set(said[1:]).isdisjoint({"not", "none", "type", "exists", "value"})


def _passed_on(module: Module, execution: Execution, caller: str) -> bool:
    """Tell whether the command is told who calls, by itself or in a record that is made for it."""
    handed = [strip(arg) for arg in (*execution.call.args, *execution.call.keywords.values())]
    made = [one for arg in handed if isinstance(arg, Name) and isinstance(one := module.scopes.origin(arg), Expr)]
    return any(caller in _names(one) for one in (*handed, *made))


def _chosen_for(execution: Execution, caller: str) -> bool:
    """Tell whether what is run was found with the help of the caller: only what belongs to that one is reached."""
    holder = strip(execution.call.callee)
    while isinstance(holder, Member | Index):
        holder = strip(holder.object)
    if not isinstance(holder, Name):
        return False
    bound = execution.function.module.scopes.lookup(holder.id, holder)
    chosen = [one.value for one in bound if isinstance(one, Assign) and one.value is not None]
    return any(caller in _names(value) and not _only_of_group(execution.function, value, caller) for value in chosen)


def _only_of_group(function: Function, chosen: Expr, caller: str) -> bool:
    """Tell whether of a caller only what it shares with others is looked at, and not which plugin it is."""
    used = {one.parent.name if isinstance(one.parent, Member) else "" for one in find(chosen, Name) if one.id == caller}
    declared = next((param.type for param in function.params if param.name == caller), "")
    shape = named_type(function.module, declared) if declared and "" not in used else None
    own = [field.name for field in shape.fields if set(words(field.name)) & GUESTS] if shape is not None else []
    return bool(own) and used.isdisjoint(own)


def _only_after_asking(module: Module, function: Function) -> bool:
    """Tell whether a private method, or a function inside of another, is called by those alone who ask first."""
    if function.owner is not None and function.private:
        own = [one for one in module.all(Member) if one.name == function.name and is_this_member(one)]
        return _called_by_those_who_ask(module, own, None)
    if function.outer is None or not function.name or function.owner is not None:
        return False
    if _asked_around(module, function):
        return True
    named = (node for node in find(function.outer.body, Name) if node.id == function.name)
    uses = [node for node in named if not (isinstance(node.parent, Assign) and node.parent.target is node)]
    return _called_by_those_who_ask(module, uses, function.outer)


def _called_by_those_who_ask(module: Module, uses: Sequence[Node], outer: Function | None) -> bool:
    """Tell whether a function is called at each of its uses, by others than the one around it, who ask before."""
    around = [(function_of(use), use) for use in uses if isinstance(call := use.parent, Call) and call.callee is use]
    return (
        bool(around)
        and len(around) == len(uses)
        and all(
            one is not None and one is not outer and _asks(module, one, caller_params(one), at=use)
            for one, use in around
        )
    )


def _asked_around(module: Module, function: Function) -> bool:
    """Tell whether the function around asks before it makes this one: ``this.check(caller); const run = () => …``."""
    outer = function.outer
    for call in find(outer.body, Call, into_functions=False) if outer is not None else ():
        if call.start > function.start:
            break
        target = definition(module, call.callee)
        if _is_check(call) or is_check(module, call):
            return True
        if isinstance(target, Function) and target is not outer and _asks(target.module, target, caller_params(target)):
            return True
    return False


def _is_kept_in_file(module: Module, function: Function) -> bool:
    """Tell whether a file that gives out some of what it defines keeps this function to itself."""
    if module.language == "python":
        return function.name.startswith("_")
    if any(isinstance(around, Export) for around in ancestors(function)):
        return False
    given: set[str] = set()
    for statement in module.body:
        if isinstance(statement, Export):
            given.update(inside for _outside, inside in statement.names)
        elif isinstance(statement, ExprStatement) and isinstance(statement.value, Assign):
            root: Expr = statement.value.target
            while isinstance(root, Member):
                root = strip(root.object)
            if isinstance(root, Name) and root.id in ("exports", "module"):
                given |= names_in(statement.value)
    return bool(given) and function.name not in given


def _elsewhere_checked(module: Module, function: Function) -> bool:
    """Tell whether sibling functions of the same object ask for permission."""
    owner = class_of(function)
    if function.name.startswith("__") and function.name != "__call__":
        return False  # no way into the host
    if owner is None and function.outer is None and _is_kept_in_file(module, function):
        return False
    if owner is not None:
        siblings = [m for m in owner.methods if m is not function]
    else:
        siblings = [f for f in module.functions if f.outer is function.outer and f is not function and f.name]
    return any(
        isinstance(node, Call)
        and (
            (_is_check(node) and set(words(node.name)) & (GRANTS | {"may", "can", "require"})) or is_check(module, node)
        )
        and not _requires_else(module, node)
        for sibling in siblings
        if not sibling.signature_only and named_function(sibling) is sibling
        for node in walk(sibling.body)
    )

"""COM022: commands that call commands, with nothing that ends a circle of them."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import exits, use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Expr,
    Function,
    If,
    Member,
    Name,
    Node,
    Object,
    Param,
    Unary,
    With,
    strip,
)
from reviewer.code.text.ideas import FACES
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, find, function_of, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import caller_params, helpers, named_function
from reviewer.experts.communication.executing import Execution, command_executions, remote_executions
from reviewer.experts.communication.vocabulary import COMMANDS, DEPTH, PLUGINS, REGISTERS, first_word, spoken
from reviewer.experts.paths import last_name
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_LOOSE: Final = frozenset(
    "active running path chain busy executing visiting levels level stack ttl hop hops trail".split()
)
"""Words that count only where a test on them turns the call away."""
_STRICT: Final = DEPTH - _LOOSE
_FACADES: Final = PLUGINS | FACES | {"client", "proxy", "scope", "view", "bridge"}
"""Words of a class by which plugins reach the host."""
_OFFERED: Final = frozenset({"method", "methods", "endpoint", "endpoints", "procedure", "procedures"})
"""Words of a table of what a host itself offers to plugins: none of it need be a command."""
_MOST_CALLERS: Final = 12
_ORDER: Final = frozenset({"<", ">", "<=", ">=", "==", "!="})
_CANCELS: Final = frozenset({"wait_for", "timeout", "timeout_at", "fail_after", "move_on_after"})
"""What cancels all that it waits for; a race of promises only stops to wait."""


@module_check("COM022", words=())
def command_cycle(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that runs a command by name for something that counts how deep calls are."""
    if module.is_test:
        return
    seen: set[int] = set()
    for execution in chain(command_executions(inquiry, module), remote_executions(inquiry, module)):
        function = execution.function
        if id(function) in seen or not execution.asked or not (execution.shaped or _says_command(execution)):
            continue
        seen.add(id(function))
        callers = list(_callers(inquiry, function))
        if counts_depth(module, function) or any(caller.counts for caller in callers):
            continue
        again = _way_back(execution, callers)
        if again is None and callers and all(caller.of_people for caller in callers):
            continue  # only people ask: no command gets hold of it
        holder = class_of(function)
        offered = set(words(execution.table_name) + words(holder.name if holder is not None else "")) & _OFFERED
        told = caller_params(function, plugins=False) and _taken_in(execution) and not callers
        own = _handed_on(execution)
        sure = not offered and (again or own or told) and not (_is_cut_off(execution) or _answered_apart(execution.at))
        yield Match(
            execution.at if own is None else own,
            f"A command that '{function.name}' runs can call '{function.name}' again, and nothing counts how deep that "
            "goes: two commands that call each other never end.",
            related=(
                ((execution.at, "runs the command"),)
                if own is not None
                else ((again, "what a command calls again"),)
                if again is not None
                else ()
            ),
            confidence=None if sure else Confidence.POSSIBLE,
        )


def _is_cut_off(execution: Execution) -> bool:
    """Tell whether a command is cancelled when its time is over, and with it whatever it has called in a circle.

    A promise goes on, whatever the function is called that waits for it no longer.
    """
    return execution.function.module.language == "python" and any(
        (isinstance(around, Call) and around.name in _CANCELS)
        or (
            isinstance(around, With)
            and any(isinstance(given, Call) and given.name in _CANCELS for given, _target in around.items)
        )
        for around in ancestors(execution.at)
    )


def _answered_apart(at: Node) -> bool:
    """Tell whether what is run only takes note of a question, whose answer comes another way: nothing is nested."""
    return isinstance(at, Call) and use_of(at).how == "dropped"


def _taken_in(execution: Execution) -> bool:
    """Tell whether what is run was registered by somebody: plugins that the host itself makes call nothing back."""
    table = execution.table
    return table is None or any(
        access.function is not None and first_word(access.function.name) in REGISTERS for access in table.of("write")
    )


def _says_command(execution: Execution) -> bool:
    """Tell whether a name says that what is run was asked for by somebody, and is no job or listener."""
    function = execution.function
    if function.name.startswith("__"):
        return False
    said = (
        set(words(function.name))
        | set(words(execution.table_name))
        | {w for p in function.params for w in words(p.name)}
    )
    if function.owner is not None:
        said |= set(words(function.owner.name))
    asked = COMMANDS - {"task", "tasks", "service", "services", "calls", "request", "requests", "call"}
    return bool(said & (asked | {"execute", "invoke", "rpc"}) or caller_params(function, plugins=False))


def counts_depth(module: Module, function: Function, depth: int = 0) -> bool:
    """Tell whether a function, or one that it calls, counts or remembers how deep calls are."""
    said = spoken(function.body) | {word for param in function.params for word in spoken(param)}
    said -= _never_asked(function)
    if said & _STRICT or any(p.name and {p.name.lower()} & (_STRICT | {"chain", "stack"}) for p in function.params):
        return True
    for node in walk(function.body):
        if not isinstance(node, If) or not exits(node.body):
            continue
        if spoken(node.test) & _LOOSE or _marks(module, function, node) or _carried_along(module, node.test):
            return True
    return depth < 2 and any(
        counts_depth(target.module, target, depth + 1) for target in helpers(module, function) if target.body
    )


def _carried_along(module: Module, test: Expr) -> bool:
    """Tell whether a test asks about what goes along with the calls under way: what an AsyncLocalStorage holds."""
    made = [module.scopes.origin(name) for name in find(test, Name)]
    return any(call.name == "getStore" for one in (test, *made) if isinstance(one, Expr) for call in find(one, Call))


def _marks(module: Module, function: Function, test: If) -> bool:
    """Tell whether a call is turned away that is under way: ``if (waiting.has(key)) throw …; waiting.add(key);``."""
    asked = {
        module.text_of(call.receiver)
        for call in find(test.test, Call)
        if call.name == "has" and call.receiver is not None
    } | {module.text_of(part.right) for part in find(test.test, Binary) if part.op == "in"}
    return any(
        call.name == "add" and call.receiver is not None and module.text_of(call.receiver) in asked
        for call in find(function.body, Call)
    )


def _never_asked(function: Function) -> set[str]:
    """Return the words of counters that a function only moves up and down, and that nobody ever looks at."""
    found: set[str] = set()
    for node in walk(function.body):
        target = node.target if isinstance(node, Assign) and node.op in ("+=", "-=") else None
        target = node.operand if isinstance(node, Unary) and node.op in ("++", "--") else target
        if isinstance(target, Name):
            uses = [use for use in function.module.all(Name) if use.id == target.id]
            if all(isinstance(use.parent, Assign) or getattr(use.parent, "op", "") in ("++", "--") for use in uses):
                found.update(words(target.id))
        if isinstance(node, Assign) and _is_only_passed_on(function.module, node):
            found.update(words(getattr(node.target, "id", "")))
    return found


def _is_only_passed_on(module: Module, made: Assign) -> bool:
    """Tell whether a number is one more than before, goes along with the call, and is compared with nothing anywhere.

    ``const depth = (calls.getStore()?.depth ?? 0) + 1; calls.run({ depth }, run)``
    """
    value, target = strip(made.value) if made.value is not None else None, made.target
    if not isinstance(target, Name) or not isinstance(value, Binary) or value.op != "+":
        return False
    project = module.project
    if project is None or set(project.paths({target.id}, tests=False)) - {module.path}:
        return False  # another file may ask
    uses = [use for use in module.all(Name) if use.id == target.id and use is not target]
    uses = [use for use in uses if made in module.scopes.lookup(use.id, use)]
    kept = all(isinstance(use.parent, Object) for use in uses)
    asked = (last_name(strip(side)) for one in module.all(Binary) if one.op in _ORDER for side in (one.left, one.right))
    return bool(uses) and kept and target.id not in set(asked)


class _Caller(Struct, frozen=True):
    """A call of a function, without its nodes: files that have many of them ask this again and again."""

    at: Location
    around: tuple[str, int]
    """Path and start of the function that it stands in."""
    counts: bool
    """True where that function counts how deep calls are."""
    of_people: bool
    """True where that function answers a request of somebody outside."""
    offered: bool
    """True where a command may get hold of what calls, whoever that is."""
    facade: tuple[str, int] | None
    """The class by which plugins reach the host, where it calls as a member of that."""


def _callers(inquiry: Inquiry, function: Function) -> list[_Caller]:
    """Return calls of a function by its name elsewhere in the subject; of a large one no file more than it takes."""
    name, own = function.name, _place(function)
    asked = f"callers of {name}"
    found = inquiry.project.answers(asked, lambda other: tuple(_calls_of(other, name)), {name}, tests=False)
    others = (caller for callers in found for caller in callers if caller.around != own)
    return list(islice(others, _MOST_CALLERS))


def _calls_of(module: Module, name: str) -> Iterator[_Caller]:
    counts: dict[int, bool] = {}
    for call in module.calls((name,)):
        around = function_of(call)
        run = definition(module, call.callee) if around is not None else None
        if around is None or (isinstance(run, Function) and _one_further(call, run)):
            continue
        if id(around) not in counts:
            counts[id(around)] = counts_depth(module, around)
        owner = class_of(around)
        facade = owner is not None and set(words(owner.name)) & _FACADES and named_function(around) is around
        yield _Caller(
            locate(module, call),
            _place(around),
            counts[id(around)],
            _answers_request(around),
            _offered_in_object(call) or _handed_to_made(around),
            _place(owner) if owner is not None and facade else None,
        )


def _place(node: Function | Class) -> tuple[str, int]:
    return node.module.path, node.raw.start_byte


def _way_back(execution: Execution, callers: list[_Caller]) -> Node | Location | None:
    """Return where a handler gets hold of the function that runs commands: a facade, a context, an argument."""
    function = execution.function
    cls = class_of(function)
    own = _place(cls) if cls is not None else None
    for caller in callers:
        if caller.offered or caller.facade not in (None, own):
            return caller.at
    for argument in (*execution.call.args, *execution.call.keywords.values()):
        for node in walk(argument):
            if isinstance(node, Name) and node.id == "this" and not isinstance(node.parent, Member):
                return node
            named = getattr(node, "name", getattr(node, "id", "")) if isinstance(node, Member | Name) else ""
            maker = function.outer.name if function.outer is not None and isinstance(function.parent, Object) else ""
            on = isinstance(node.parent, Call) and node.parent.callee is node and _one_further(node.parent, function)
            if named and named in (function.name, maker) and not (on or _is_parameter(function.module, node)):
                return node
    return None


def _handed_on(execution: Execution) -> Call | None:
    """Return the call by which what a command is handed runs the next one: ``{ ask: (to) => this.run(to) }``.

    There the depth would have to be handed on.
    """
    function = execution.function
    given = names_in([*execution.call.args, *execution.call.keywords.values()])
    return next(
        (
            call
            for call in find(function.body, Call)
            if call is not execution.call
            and definition(function.module, call.callee) is function
            and (around := function_of(call)) is not None
            and around is not function
            and (around.name in given or _offered_in_object(call))
            and not _one_further(call, function)
        ),
        None,
    )


def _one_further(call: Call, function: Function) -> bool:
    """Tell whether a call goes on to the next of a list: ``next: () => run(place + 1)``."""
    given = {param.name for param in function.params}
    return any(isinstance(one, Binary) and one.op == "+" and names_in(one) & given for one in map(strip, call.args))


def _handed_to_made(around: Function) -> bool:
    """Tell whether a function is given to what is made for a plugin: ``new Thread((asked) => this.run(asked))``."""
    made = around.parent
    return isinstance(made, Call) and made.new and made.callee is not around


def _offered_in_object(call: Call) -> bool:
    """Tell whether a call stands in a function of an object, and not in an object that is only data."""
    inside = False
    for outer in ancestors(call):
        if isinstance(outer, Object) and inside:
            return True
        inside = inside or isinstance(outer, Function)
    return False


def _answers_request(function: Function) -> bool:
    """Tell whether a function is the handler of a route of a server."""
    return any(param.name in ("req", "request") for param in function.params) and len(function.params) > 1


def _is_parameter(module: Module, node: Node) -> bool:
    """Tell whether a name is that of a parameter, which only sounds like the function."""
    bound = module.scopes.lookup(node.id, node) if isinstance(node, Name) else []
    return any(isinstance(one, Param) for one in bound)

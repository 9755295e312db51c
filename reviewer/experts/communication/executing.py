"""Functions that look one handler up by name and run it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import use_of
from reviewer.code.reach.links import callee
from reviewer.code.reach.matched import matched
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Conditional,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    Spread,
    Template,
    is_nothing,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside, walk
from reviewer.experts.communication.emissions import caller_params, named_function
from reviewer.experts.communication.invocations import Invocation, invocations
from reviewer.experts.communication.picked import picked_by_name
from reviewer.experts.communication.sources import sources
from reviewer.experts.communication.vocabulary import COMMANDS, EVENTS, EXECUTES, HANDLERS, PLUGINS, first_word
from reviewer.experts.lifecycle.bringing.brought import is_brought
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

NOT_COMMANDS: Final = frozenset(
    "parser parsers formatter formatters factory factories loader loaders serializer serializers renderer renderers "
    "visitor visitors rule rules codec codecs converter converters timer timers cleanup validators encoders decoders "
    "constructor constructors cache caches memo strategies reducers pending waiting resolvers".split()
)
_STATEMENTS: Final = frozenset({"sql", "statement", "stmt", "query"})
"""Last words of what a database is asked."""
_REPLIES: Final = frozenset("reply replies response responses result results answer answers ack".split())
"""Words of a function that takes in what was asked for, and of a table of those who wait for it."""
_NOT_RUNNING: Final = frozenset(
    "update notify next react validate filter transform before after intercept receive accept observer listen".split()
)
"""First words of members that do something else with an entry than run it as a command."""
_HAPPENINGS: Final = frozenset({"event", "events"})
_STRONG: Final = frozenset({"execute", "invoke", "perform", "rpc"})
_ASKED: Final = frozenset("ask call request invoke execute rpc send_request send dispatch perform".split())
"""Methods by which a plugin in a process or thread of its own is asked."""


class Execution(Struct, frozen=True):
    """One place where a command is run.

    ``call`` runs the handler, ``at`` is the call with what waits for it, ``function`` the named
    function it stands in, ``table`` what the handler was found in, ``source_key`` the look-up's key.
    """

    call: Call
    at: Node
    function: Function
    table: Table | None
    table_name: str
    source_key: Expr | None
    shaped: bool = False
    """Whether the shape alone tells: what somebody registered under a name is called with what a caller gives."""

    @property
    def asked(self) -> bool:
        """Tell whether the function, by its name or its shape, runs something that was asked for by name."""
        return self.shaped or first_word(self.function.name) in EXECUTES


def command_executions(inquiry: Inquiry, module: Module) -> tuple[Execution, ...]:
    """Return the places where a command, an action, a method asked for by name is run; worked out once."""
    return module.once("communication.command_executions", lambda: tuple(_executions(inquiry, module)))


def _executions(inquiry: Inquiry, module: Module) -> Iterator[Execution]:
    for found in invocations(inquiry, module):
        function = named_function(found.function)
        if found.loop is not None or not found.source.looked_up or function is None:
            continue
        key = look_up_key(module, found.call.callee)
        shaped = _is_shaped(module, found, function, key)
        if isinstance(key, Literal) or _is_type(key) or is_statement(found.call):
            continue
        if not (shaped or _is_command(found, function)):
            continue  # one handler of its own or for a kind of message, not whatever is asked for; or no command
        yield Execution(found.call, waited(found.call), function, found.source.table, found.source.name, key, shaped)
    yield from _by_member(inquiry, module)


def is_statement(call: Call) -> bool:
    """Tell whether a database is given a statement, which is no command that somebody registered."""
    first = call.arg(0)
    return first is not None and set(last_words(first)[-1:]) <= _STATEMENTS and bool(last_words(first))


def _is_type(key: Expr | None) -> bool:
    """Tell whether a handler is found by the class of what came: ``handlers[type(event)]``, ``x.constructor``."""
    held = strip(key) if key is not None else None
    if isinstance(held, Call):
        return held.name == "type" and held.receiver is None and len(held.args) == 1
    return isinstance(held, Member) and held.name in ("__class__", "constructor")


def remote_executions(inquiry: Inquiry, module: Module) -> Iterator[Execution]:
    """Yield the places where a plugin that runs elsewhere is asked by name for what a caller named.

    ``(await this.bench(name)).ask(verb, values)``: who asks is told, the plugin is looked up, and the verb goes on.
    """
    known = sources(inquiry, module)
    for call in module.calls(_ASKED & module.identifiers):
        function = named_function(function_of(call))
        if function is None or call.receiver is None or not caller_params(function, plugins=False):
            continue
        source = known.of(call.receiver)
        if source is None or source.table is None or not source.looked_up or not _asked_by_caller(module, call):
            continue
        yield Execution(call, waited(call), function, source.table, source.name, None, shaped=True)


def _asked_by_caller(module: Module, call: Call) -> bool:
    """Tell whether a call hands on the name of a command that the function was told."""
    for given in call.args:
        name = strip(given)
        bound = module.scopes.lookup(name.id, name) if isinstance(name, Name) else []
        if isinstance(name, Name) and set(words(name.id)) & COMMANDS and bound and isinstance(bound[0], Param):
            return True
    return False


def _is_shaped(module: Module, found: Invocation, function: Function, key: Expr | None) -> bool:
    """Tell whether a function gives back what something answers that others have put under a name which it is told.

    It is told who asks, or hands on whatever it was given: ``return prompts[name](**values)``.
    """
    table = found.source.table
    told = _made_here(module, key)
    parts = told.items if isinstance(told, Array) else told.holes if isinstance(told, Template) else [told]
    names = [root for one in parts if isinstance(root := _root(one), Name)]
    if table is None or not names or len(names) < len(parts) or set(words(found.source.name)) & NOT_COMMANDS:
        return False
    bound = [one for name in names for one in module.scopes.lookup(name.id, name)]
    given = [one.parent for one in bound if isinstance(one, Param)]
    if not any(one is function or (one is not None and inside(one, function)) for one in given):
        return False
    if not _given_back(found.call):
        return False
    hands_on = any(isinstance(given, Spread) or _leads_back(given, function) for given in found.call.args)
    if not (hands_on or caller_params(function, plugins=False)):
        return False
    return any(
        access.function is not None
        and access.function is not function
        and access.value is not None
        and (
            {param.name for param in access.function.params} & _names_kept(module, access.value)
            or is_brought(module, access.value)
        )
        for access in table.of("write")
    )


def _made_here(module: Module, key: Expr | None) -> Expr | None:
    """Return the key of a look-up, or what a variable of the function that is the key was put together of."""
    told = strip(key) if key is not None else None
    made = module.scopes.origin(told) if isinstance(told, Name) else None
    return made if isinstance(made, Template | Array) else told


def _root(part: Expr | None) -> Expr | None:
    """Return what an access starts from, in a text that is put together: ``by`` of ``by.line``."""
    made = strip(part) if part is not None else None
    while isinstance(made, Member) and isinstance(part, Expr) and isinstance(part.parent, Template):
        made = strip(made.object)
    return made


def _leads_back(given: Expr, function: Function) -> bool:
    """Tell whether what is handed over was made to lead back to whoever runs it: ``Window(self, entry)``.

    Or by the function that makes the object which this one is a member of: ``counterOf(other)``.

    The object itself is what the host's own commands work on.
    """
    made = strip(given)
    maker = function.outer.name if function.outer is not None and isinstance(function.parent, Object) else ""
    if isinstance(made, Call) and maker and made.name == maker:
        return True
    return isinstance(made, Call) and any(
        name.id == "this" and not isinstance(name.parent, Member) for name in find(given, Name)
    )


def _names_kept(module: Module, value: Expr) -> set[str]:
    """Return the names of what is put into a table, those of a record that was made for it before included."""
    made = module.scopes.origin(value)
    return {name.id for one in (value, made) if isinstance(one, Expr) for name in find(one, Name)}


def _given_back(call: Call) -> bool:
    """Tell whether the answer of a call goes back to whoever asked, what waits for it seen through."""
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, Return):
            return True
        chosen = isinstance(around, Conditional) and inner is not around.test
        if not (chosen or isinstance(around, Await | Cast | Call | Array)) or getattr(around, "callee", None) is inner:
            return False
        inner = around
    return False


def _is_command(found: Invocation, function: Function) -> bool:
    table = set(words(found.source.name))
    if table & NOT_COMMANDS or (table | set(words(function.name))) & _REPLIES:
        return False
    if isinstance(found.call.callee, Member) and first_word(found.call.callee.name) in _NOT_RUNNING:
        return False
    around = set(words(function.owner.name)) if function.owner is not None else set()
    named = set(words(function.name))
    if table & _HAPPENINGS and named & _HAPPENINGS and not (table | named) & COMMANDS:
        return False  # who hears of an event is told that it has happened, and asked for nothing
    if first_word(function.name) not in EXECUTES:
        return bool(table & (COMMANDS - {"service", "services", "calls"}))
    if first_word(function.name) in _STRONG:
        return True
    said = table | around | named
    params = {w for p in function.params for w in words(p.name)}
    return bool(said & (COMMANDS | HANDLERS | EVENTS) or params & COMMANDS or table & PLUGINS)


def _by_member(inquiry: Inquiry, module: Module) -> Iterator[Execution]:
    """Yield calls of a plugin's method whose name was asked for."""
    known = sources(inquiry, module)
    if not known.tables:
        return  # nothing was kept that could be asked for
    seen = {id(found.call) for found in invocations(inquiry, module)}
    for function in module.functions:
        if function.signature_only or named_function(function) is not function:
            continue
        asked = first_word(function.name) in EXECUTES
        for call in calls_in(function.body):
            picked = picked_by_name(module, call) if id(call) not in seen else None
            source = known.of(picked[0]) if picked is not None else None
            if picked is None or source is None or not source.looked_up or is_statement(call):
                continue
            key = look_up_key(module, picked[0])
            shaped = not asked and _is_told(module, function, key) and _is_told(module, function, picked[1])
            if asked or shaped:
                seen.add(id(call))
                yield Execution(call, waited(call), function, source.table, source.name, key, shaped)


def _is_told(module: Module, function: Function, expr: Expr | None) -> bool:
    """Tell whether a value is what a function is told, or a member of it: ``order.verb``."""
    root = strip(expr) if expr is not None else None
    while isinstance(root, Member | Index):
        root = strip(root.object)
    bound = module.scopes.lookup(root.id, root) if isinstance(root, Name) else []
    return any(isinstance(one, Param) and one.parent is function for one in bound)


def look_up_key(module: Module, expr: Expr | None) -> Expr | None:
    """Return the key by which the value of an expression was looked up in a table, or None."""
    for _ in range(8):
        if expr is None:
            return None
        expr = strip(expr)
        if isinstance(expr, Index) and isinstance(expr.key, Literal) and isinstance(expr.object, Index | Call):
            expr = expr.object  # a part of the entry: `run, needs = table[name]`
        elif isinstance(expr, Index) and isinstance(expr.key, Literal) and _is_entry(module, expr.object):
            expr = expr.object  # `entry = table.get(name)`, `_owner, run = entry`
        elif isinstance(expr, Index):
            return expr.key
        elif isinstance(expr, Call):
            return expr.arg(0) if expr.name in ("get", "pop") else None
        elif isinstance(expr, Binary):
            expr = expr.left
        elif isinstance(expr, Conditional):
            expr = expr.other if is_nothing(expr.then) else expr.then
        elif isinstance(expr, Member):
            expr = expr.object
        elif isinstance(expr, Name):
            bound = [b for b in module.scopes.lookup(expr.id, expr) if isinstance(b, Assign)]
            given = [value for b in bound if (value := b.value or matched(b)) is not None]
            expr = given[-1] if given and given[-1] is not expr else None
        else:
            return None
    return None


def _is_entry(module: Module, held: Expr) -> bool:
    """Tell whether a name holds what was looked up in a table."""
    made = module.scopes.origin(held) if isinstance(held, Name) else None
    return isinstance(made, Index) or (isinstance(made, Call) and made.name in ("get", "pop") and bool(made.args))


def waited(call: Call) -> Node:
    """Return a call together with the ``await`` in front of it."""
    node: Node = call
    while isinstance(node.parent, Await | Cast):
        node = node.parent
    return node


def wrapped(module: Module, call: Call, said: frozenset[str]) -> bool:
    """Tell whether a call stands inside a call whose name, or whose function's code, has one of these words."""
    node: Node | None = call.parent
    inner: Node = call
    while node is not None and not isinstance(node, Function):
        if isinstance(node, Call) and inner is not node.callee:
            if {*words(node.name), node.name} & said:
                return True
            target = callee(module, node)
            if target is not None and any(
                isinstance(n, Call) and {*words(n.name), n.name} & said for n in walk(target.body)
            ):
                return True
        inner, node = node, node.parent
    return False


def result_name(call: Call) -> str:
    """Return the variable that the result of a call is put in, or an empty string."""
    use = use_of(call)
    if use.how == "assigned" and isinstance(use.by, Assign) and isinstance(use.by.target, Name):
        return use.by.target.id
    return ""

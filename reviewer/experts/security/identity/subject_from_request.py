"""SEC020: whose rights are checked is what the request says, not what the host knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.syntax import Binary, Call, Expr, For, Function, Index, Literal, Member, Name, Object, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, word_set
from reviewer.experts.security.deciding.decisions import is_check, is_decision
from reviewer.experts.security.identity.known_replaced import KNOWN, PARTS, is_parsed, is_sent, replaced
from reviewer.experts.security.values.access import path_of, step
from reviewer.experts.security.values.parameters import kind_of_param
from reviewer.experts.security.vocabulary import PERMISSION, TABLES, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SUBJECTS: Final = word_set(
    "plugin plugins extension extensions addon addin app widget skill bot integration connector theme caller subject "
    "principal actor user tenant role roles sender from agent identity client account requester uid overlay effect "
    "pack mod as who owner workspace org organization organisation applet gadget macro module device"
)
"""Names of whoever acts."""
_URL_PARTS: Final = frozenset({"params", "match_info", "path_params", "pathParameters"})
_ROOTS: Final = word_set("req request message msg payload body event evt envelope packet data input frame rpc incoming")
_TOLD: Final = word_set("message msg event evt envelope letter mail note parcel")
_PROOFS: Final = word_set("authenticate authenticated verify verified signature hmac jwt digest token secret")
_SECRETS: Final = word_set("password passwd passphrase pwd pin otp credential credentials proof")
_HELD: Final = (PERMISSION | TABLES) - {"access", "rule", "rules"}
_READ_FROM: Final = frozenset({"stdout", "readline", "recv", "receive", "readuntil"})
"""Words of a stream that another program writes."""
_FINDS: Final = frozenset({"of", "for", "find", "load", "fetch", "lookup"})
_MOST: Final = 2000
_STEPS: Final = 6


@module_check("SEC020", words=TRIGGERS | {"guard", "authorize", "check"})
def subject_from_request(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at whom every check of permission and every look-up of grants is about."""
    if module.is_test:
        return
    seen: set[int] = set()
    for said, known in replaced(module):
        seen.add(id(said))
        yield Match(
            said,
            f"'{short(module.text_of(said))}' is what the sender says, and stands before "
            f"'{short(module.text_of(known))}', which the host knows: whoever names another is that one.",
        )
    for node in module.all_nodes:
        for told, how in _subjects(module, node):
            function = function_of(node)
            if function is None or id(told) in seen or _bound(module, told, function):
                continue
            seen.add(id(told))
            yield Match(
                told,
                f"Whose rights are checked is read from '{short(module.text_of(told))}', which the sender fills in: "
                "whoever names another gets its rights.",
                related=((node, "the rights are checked here"),) if node.line != told.line else (),
                confidence=Confidence.POSSIBLE if how == "url" else None,
            )


def _subjects(module: Module, node: object) -> Iterator[tuple[Expr, str]]:
    """Yield the expressions that say who acts and come from the sender, with the part of the request."""
    if isinstance(node, Call):
        if node.receiver is not None and node.args and _is_table(node.receiver) and _looks_up(node):
            yield from _told(module, node.args[0])
            return
        if node.name in ("get", "has", "setdefault") and node.receiver is not None:
            return
        if not is_check(module, node) or _only_answers(node):
            return
        given = [*node.args, *node.keywords.values()]
        if any(_known(module, arg) for arg in given) or any(_is_secret(module, arg) for arg in given):
            return
        for arg in given:
            yield from _told(module, arg)
    elif isinstance(node, Index) and _is_table(node.object):
        yield from _told(module, node.key)


def _is_secret(module: Module, arg: Expr) -> bool:
    """Tell whether a check is also handed what only the one who is named knows: ``may_enter(user, password)``."""
    arg = strip(arg)
    names = path_of(module, arg)[1]
    said = {word for name in (*names, arg.id if isinstance(arg, Name) else "") for word in words(name)}
    return bool(said & _SECRETS)


def _looks_up(call: Call) -> bool:
    """Tell whether a call asks a store for the entry of somebody: ``grants.of(id)``, ``acl.permissionsFor(id)``."""
    name = words(call.name)
    return call.name in ("get", "has", "setdefault") or (
        bool(name) and name[0] in _FINDS | _HELD and (name[-1] in ("of", "for") or name[0] in _FINDS)
    )


def _is_table(expr: Expr) -> bool:
    return bool(set(last_words(expr)) & _HELD)


def _only_answers(call: Call) -> bool:
    """Tell whether the answer only goes back to whoever asked: a question about somebody, no decision."""
    function = function_of(call)
    if function is not None and is_decision(function):
        return False
    return use_of(call).how in ("returned", "argument") or isinstance(call.parent, Object)


def _known(module: Module, arg: Expr) -> bool:
    """Tell whether an argument names somebody whom the host itself has recognised."""
    arg = strip(arg)
    if isinstance(arg, Object | Literal):
        return False
    root, names = path_of(module, arg)
    if isinstance(root, Param) and root.name and not root.fields:
        names = [root.name, *names]
    said = {word for name in names for word in words(name)}
    if said & PARTS:
        return False
    return bool(said & (KNOWN | {"user"})) or (bool(said & {"req", "request"}) and bool(said & _SUBJECTS))


def _told(module: Module, arg: Expr) -> Iterator[tuple[Expr, str]]:
    """Yield what an argument takes from the sender to say who acts."""
    arg = strip(arg)
    made: object = module.scopes.origin(arg) if isinstance(arg, Name) else arg
    if isinstance(made, Object):
        for key, value in made.entries:
            named = words(str(key.value)) if isinstance(key, Literal) else ()
            if (set(named) & _SUBJECTS and _from_sender(module, value)) or (
                key is None and _is_whole_request(module, value) and made.spreads.index(value) > 0
            ):
                yield value, ""
        return
    if isinstance(made, Call) and made.name in ("replace", "assign", "evolve", "copy", "model_copy"):
        for key_name, value in made.keywords.items():
            if set(words(key_name)) & _SUBJECTS and _from_sender(module, value):
                yield value, ""
        return
    if isinstance(made, Call) and made.name == "get" and len(made.args) == 2 and _stands_before_known(made):
        yield made, ""
        return
    if isinstance(made, Call) and made.receiver is not None and made.name in ("get", "find", "lookup", "resolve"):
        key = made.args[0] if len(made.args) == 1 else None
        if key is not None and not isinstance(key, Literal):  # the record of whom the sender names
            yield from [(key, _part(module, key))] if _from_sender(module, key) else []
            return
    first = made.left if isinstance(made, Binary) and made.op in ("or", "??") else None
    if first is not None and isinstance(made, Binary):
        chosen = _chosen_by_caller(module, first) or _from_sender(module, first)
        if chosen or (_same_name(module, first, made.right) and is_sent(module, first)):
            yield first, _part(module, first)
            return
    if _from_sender(module, arg) or _known_to_session(module, arg):
        yield _spelled(module, arg), _part(module, arg)


def _stands_before_known(read: Call) -> bool:
    """Tell whether a message is asked first for what the function is told: ``message.get("unit", unit)``."""
    key, known = strip(read.args[0]), strip(read.args[1])
    holder = strip(read.receiver) if read.receiver is not None else None
    same = isinstance(key, Literal) and isinstance(known, Name) and key.value == known.id
    return same and isinstance(holder, Name) and bool(set(words(holder.id)) & _ROOTS)


def _same_name(module: Module, first: Expr, known: Expr) -> bool:
    """Tell whether a value stands before what is known under the same name: ``query.get("tile") ?? ticket.tile``."""
    names, held = path_of(module, first)[1], strip(known)
    return bool(names) and isinstance(held, Member) and held.name == names[-1]


def _known_to_session(module: Module, arg: Expr) -> bool:
    """Tell whether a field of a message is asked after though the session beside it knows the very thing.

    ``const { show } = JSON.parse(text)``, where the function has a ``session`` that is read for ``session.show``.
    """
    names = path_of(module, arg)[1]
    function = function_of(arg)
    if not names or function is None or not isinstance(path_of(module, arg)[0], Param):
        return False
    knows = {param.name for param in function.params if set(words(param.name)) & KNOWN - {"context", "ctx", "data"}}
    root = path_of(module, arg)[0]
    if not knows or (isinstance(root, Param) and root.name in knows) or not is_parsed(module, arg):
        return False
    return any(
        part.name == names[-1] and isinstance(part.object, Name) and part.object.id in knows
        for part in walk(function.body)
        if isinstance(part, Member)
    )


def _chosen_by_caller(module: Module, expr: Expr) -> bool:
    """Tell whether an option of the call says who acts, before what the host knows is asked: ``opts.as ?? current``."""
    root, names = path_of(module, expr)
    if not isinstance(root, Param) or not names:
        return False
    asked = set(words(names[-1]))
    free = set(words(root.name)) & {"kwargs", "options", "opts", "args", "params", "extra"} or root.rest
    return bool(free) and bool(asked & (_SUBJECTS | {"as", "impersonate", "acting"}))


def _spelled(module: Module, arg: Expr) -> Expr:
    """Return where a name is read from the sender, the name itself where that is a parameter."""
    if isinstance(arg, Name):
        origin = module.scopes.origin(arg)
        if isinstance(origin, Member | Index | Call):
            return origin
    return arg


def _from_sender(module: Module, expr: Expr) -> bool:
    """Tell whether a value says who acts, and is a field that the sender of a request or message fills in."""
    root, names = path_of(module, expr)
    if not names or not set(words(names[-1])) & _SUBJECTS or _is_topic(root, names):
        return False
    if _of_parsed_message(module, expr) or _is_header(expr):
        return True
    before = [word for name in names[:-1] for word in words(name)]
    carried = bool(set(before) & PARTS)
    if not carried and set(before) & (KNOWN | {"user"}):
        return False
    if not carried and isinstance(root, Param) and set(words(root.name)) & {"req", "request"}:
        return False  # req.user and the like are put there by the host
    if isinstance(root, Param):
        function = root.parent
        if not isinstance(function, Function):
            return False
        said = set(words(root.name)) | set(words(root.type.split("<")[0]))
        if said & (KNOWN - {"context", "ctx"}):
            return False
        if set(before) & _READ_FROM:
            return True
        kind = kind_of_param(module, function, root, root.name or names[0])
        return (
            kind in ("request", "message")
            or bool(said & _ROOTS)
            or (carried and bool(set(before) & {"body", "headers"}))
        )
    if not isinstance(root, Name):
        return False
    said = set(words(root.id))
    looped = any(isinstance(binding, For) for binding in module.scopes.lookup(root.id, root))
    return bool(said & (_ROOTS | {"raw"})) if looped else bool(said & {"request", "req"}) and carried


def _is_topic(root: object, names: list[str]) -> bool:
    """Tell whether a value is what a message is about: ``message.subject``."""
    held = root.name if isinstance(root, Param) else root.id if isinstance(root, Name) else ""
    return names == ["subject"] and bool(set(words(held)) & _TOLD)


def _is_header(expr: Expr) -> bool:
    """Tell whether a value is a header of a request: ``req.get("x-plugin-id")``."""
    read = strip(expr)
    if not isinstance(read, Call) or read.name not in ("get", "header") or len(read.args) != 1:
        return False
    holder = strip(read.receiver) if read.receiver is not None else None
    return isinstance(holder, Name) and bool(set(words(holder.id)) & {"req", "request"})


def _of_parsed_message(module: Module, expr: Expr) -> bool:
    """Tell whether a value is a field of a text that was parsed, and is called a message: ``msg["plugin"]``."""
    found = step(strip(expr))
    holder = strip(found[0]) if found is not None else None
    if not isinstance(holder, Name) or not set(words(holder.id)) & (_ROOTS | {"msg"}):
        return False
    made = module.scopes.origin(holder)
    return isinstance(made, Call) and made.name in ("loads", "parse") and len(made.args) == 1


def _is_whole_request(module: Module, expr: Expr) -> bool:
    root, names = path_of(module, expr)
    said = set(words(root.name)) if isinstance(root, Param) else set()
    return isinstance(root, Param) and (bool(names and set(words(names[-1])) & PARTS) or bool(said & _ROOTS))


def _part(module: Module, expr: Expr) -> str:
    return "url" if set(path_of(module, expr)[1]) & _URL_PARTS else ""


def _bound(module: Module, told: Expr, function: Function) -> bool:
    """Tell whether what the sender says is compared with what the host knows, or proved by a signature."""
    text, last = module.text_of(told), path_of(module, told)[1]
    spellings = {text, module.text_of(strip(told))}
    current: Function | None = function
    while current is not None:
        for count, node in enumerate(walk(current.body)):
            if count > _MOST:
                return False
            if isinstance(node, Binary) and node.op in ("==", "!="):
                for one, other in ((node.left, node.right), (node.right, node.left)):
                    same = module.text_of(one) in spellings or (path_of(module, one)[1] == last and bool(last))
                    if same and isinstance(strip(other), Name | Member | Call | Index):
                        return True
            elif isinstance(node, Call) and set(words(node.name)) & _PROOFS - path_words(node.receiver):
                return True
        current = current.outer
    return False

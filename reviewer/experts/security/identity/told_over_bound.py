"""SEC020 and SEC482: who calls, or what he may, is taken from what he sends, and from the host only else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Spread,
    Unary,
    strip,
)
from reviewer.code.text.ideas import GUESTS
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, function_of, uses_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.values.access import path_of, step
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WHO: Final = word_set(
    "caller callers sender from actor principal requester requestor originator author speaker initiator impersonate "
    "invoker issuer asker"
)
"""Words of a member, a variable or a parameter that says who does something."""
_MAY: Final = word_set(
    "role roles scope scopes right rights permission permissions grants capabilities clearance trust ring privilege"
)
"""Words of a member that says what somebody may."""
_REACH: Final = word_set("host hosts domains origins allowlist allowed paths folders roots")
"""Words of a member that says where somebody may reach."""
_SERVES: Final = word_set("serve answer handle on receive dispatch process reply fetch request message")
"""Words of a function that does what a message asks for."""
_RIGHT: Final = regex(r"\w+(?:[.:/]\w+)+")
"""How a right is written: ``till.refund``."""
_KNOWN: Final = _WHO | word_set("session peer connection identity auth user client account")
"""Words of what a host puts into a call by itself."""


@module_check("SEC020", words=_WHO | _MAY | _KNOWN | TRIGGERS | GUESTS)
def told_over_bound(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each choice between a field of what somebody sends and what the host bound to him."""
    if module.is_test:
        return
    for choice, told, known in _choices(module):
        key = _sent_key(module, told)
        if not key:
            continue
        who = set(words(key)) & _WHO or _who_it_is_for(module, choice) or _is_asked_about(module, choice, known)
        who = who or _names_itself(key, choice, known)
        if who and _is_bound(module, known, choice):
            yield Match(
                told,
                f"'{short(module.text_of(told))}' is what the caller sends, and it is believed before "
                f"'{short(module.text_of(known))}', which the host knows.",
            )


@module_check("SEC482", words=_MAY | _REACH)
def rights_told(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each choice, and each sum, of rights that somebody sends and rights that the host knows."""
    if module.is_test:
        return
    for choice, told, known in (*_choices(module), *_sums(module)):
        key = set(words(_sent_key(module, told)))
        reach = key & _REACH and _is_asked_of_field(known) and _serves(choice)
        if reach or (key & _MAY and (_is_of_host(module, known) or _is_asked_of_field(known))):
            yield Match(
                told,
                f"'{short(module.text_of(told))}' is what the caller sends: whoever writes a right into it has it, "
                f"whatever '{short(module.text_of(known))}' says.",
            )


@module_check("SEC482", words=_MAY | _REACH)
def rights_told_as_default(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what a message is taken apart into for rights that are the host's own only where it names none."""
    if module.is_test:
        return
    for param in module.all(Param):
        function = param.parent
        if not isinstance(function, Function) or not set(words(function.name)) & _SERVES:
            continue
        for name, own in param.fallbacks.items():
            root, kept = path_of(module, own.callee if isinstance(own, Call) else own)
            of_object = _is_asked_of_field(own)
            if set(words(name)) & (_MAY | _REACH) and (of_object or (root is not None and len(kept) > 1)):
                yield Match(
                    own,
                    f"'{name}' is what the message says, and '{short(module.text_of(own))}', which the host knows, "
                    "stands in only where it says nothing: whoever names more has more.",
                )


def _serves(choice: Expr) -> bool:
    """Tell whether a function does what a message asks for, by its name."""
    function = function_of(choice)
    return function is not None and bool(set(words(function.name)) & _SERVES)


def _is_asked_of_field(own: Expr) -> bool:
    """Tell whether a value is asked of a field of the object: ``this.policy.hostsOf(this.id)``."""
    asked = strip(own.callee) if isinstance(own, Call) and own.args else None
    return isinstance(asked, Member) and is_this_member(asked.object)


def _sums(module: Module) -> Iterator[tuple[Expr, Expr, Expr]]:
    """Yield (sum, one, other) for what is put together of two, in both orders: ``[*known, *sent]``."""
    for node in module.some(Binary, Array):
        sides: list[Expr] = []
        if isinstance(node, Binary) and node.op in ("+", "|"):
            sides = [_of_nothing(node.left), _of_nothing(node.right)]
        elif isinstance(node, Array):
            sides = [_of_nothing(item.value) for item in node.items if isinstance(item, Spread)]
        if len(sides) == 2 and isinstance(node, Expr):
            yield node, sides[0], sides[1]
            yield node, sides[1], sides[0]


def _of_nothing(expr: Expr) -> Expr:
    """See through what stands for a missing value: ``args.roles ?? []``, ``args.get("roles", [])``."""
    expr = strip(expr)
    if isinstance(expr, Binary) and expr.op in ("??", "or"):
        expr = strip(expr.left)
    return expr


def _choices(module: Module) -> Iterator[tuple[Expr, Expr, Expr]]:
    """Yield (choice, what is sent, what is known): ``args.from ?? guest``, ``body.get("from", self.guest)``."""
    for node in module.some(Binary, Call, Conditional, Assign):
        if isinstance(node, Assign):
            if node.default is not None and node.value is not None:  # const { from = guest } = args
                yield node, strip(node.value), strip(node.default)
        elif isinstance(node, Binary) and node.op in ("??", "or"):
            yield node, strip(node.left), strip(node.right)
        elif isinstance(node, Call) and node.name == "get" and len(node.args) == 2 and node.receiver is not None:
            yield node, node, strip(node.args[1])
        elif isinstance(node, Conditional) and not isinstance(strip(node.test), Unary):
            yield node, strip(node.then), strip(node.other)


def _sent_key(module: Module, told: Expr) -> str:
    """Return the name of the field of what a function is given, ``from`` of ``args.from``; else nothing."""
    last = step(told)
    root, names = path_of(module, told)
    own = function_of(told)
    if last is None or not isinstance(root, Param) or not names or root.parent is not own or root.name == "self":
        return ""
    if not {part for name in names[:-1] for part in words(name)}.isdisjoint(_KNOWN):
        return ""
    return last[1]


def _who_it_is_for(module: Module, choice: Expr) -> set[str]:
    """Return words of the variable or the parameter that a choice becomes, where they say who does something."""
    if isinstance(choice, Assign):
        return set(words(choice.target.id)) & _WHO if isinstance(choice.target, Name) else set()
    written = choice.raw.parent
    named = written.child_by_field_name("left") or written.child_by_field_name("name") if written is not None else None
    if named is not None and named.type == "identifier":
        return set(words(module.text(named))) & _WHO
    around = choice.parent
    if not isinstance(around, Call) or not any(arg is choice for arg in around.args):
        return set()
    asked = callee(module, around)
    position = next(index for index, arg in enumerate(around.args) if arg is choice)
    params = [param.name for param in asked.params if param.name not in ("self", "cls")] if asked is not None else []
    return set(words(params[position])) & _WHO if position < len(params) else set()


def _names_itself(key: str, choice: Expr, known: Expr) -> bool:
    """Tell whether a call is told a plugin's own name in place of the one that its object was made for.

    ``serve(params.get("plugin", self.name), params)``
    """
    own = isinstance(known, Member) and is_this_member(known) and known.name.strip("_#")
    told = set(words(key))
    named = bool(own) and (own in ("name", "id") or bool(set(words(str(own))) & GUESTS))
    as_argument = isinstance(choice.parent, Call) and choice.parent.callee is not choice
    owner = class_of(choice)
    called = GUESTS | set(words(owner.name) if owner is not None else ())
    return named and as_argument and bool(told & called) and told <= called | {"id", "name"}


def _is_asked_about(module: Module, choice: Expr, known: Expr) -> bool:
    """Tell whether a question of permission is asked for whom was chosen: ``may({ ...session, layer }, "locate")``."""
    kept, around = choice if isinstance(choice, Assign) else choice.parent, function_of(choice)
    uses: list[Expr] = [choice]
    if isinstance(kept, Assign) and isinstance(kept.target, Name) and around is not None:
        uses = [one for one in uses_of(kept.target.id, around) if one is not kept.target]
    return any(_is_in_place_of(module, use, known) for use in uses)


def _is_in_place_of(module: Module, use: Expr, known: Expr) -> bool:
    """Tell whether a question is told one thing where it is, here or in other places, told the other."""
    while isinstance(use.parent, Call) and use.parent.name in ("str", "String") and use is not use.parent.callee:
        use = use.parent
    inside = use.parent if isinstance(use.parent, Object) else None
    asked = inside.parent if inside is not None else use.parent
    if not isinstance(asked, Call) or asked.callee is use or not (is_check(module, asked) or _names_right(asked)):
        return False
    if inside is not None:
        root = strip(known.object) if isinstance(known, Member) else known
        return any(module.text_of(strip(one)) == module.text_of(root) for one in inside.spreads)
    place = next((at for at, arg in enumerate(asked.args) if arg is use), -1)
    beside = (one for one in module.calls((asked.name,)) if one is not asked and len(one.args) > place >= 0)
    return any(module.text_of(strip(one.args[place])) == module.text_of(known) for one in beside)


def _names_right(asked: Call) -> bool:
    """Tell whether a call of what guards is told a right: ``gate.opened(skill, "till.refund")``."""
    told = (strip(one) for one in (*asked.args, *asked.keywords.values()))
    named = any(isinstance(one, Literal) and isinstance(one.value, str) and _RIGHT.fullmatch(one.value) for one in told)
    return named and bool(path_words(asked.callee) & TRIGGERS)


def _is_bound(module: Module, known: Expr, choice: Expr) -> bool:
    """Tell whether a value belongs to the function or the object around, one of which is made for each caller."""
    if isinstance(known, Member) and is_this_member(known):
        return _set_when_made(module, known)
    if not isinstance(known, Name):
        root = path_of(module, known)[0]
        own = isinstance(root, Param) and bool(set(words(root.name)) & _KNOWN)
        return own or _is_of_host(module, known)
    bindings = module.scopes.lookup(known.id, known)
    outer = bindings[0].parent if len(bindings) == 1 and isinstance(bindings[0], Param) else None
    return isinstance(outer, Function) and any(around is outer for around in ancestors(choice))


def _set_when_made(module: Module, known: Member) -> bool:
    """Tell whether a field holds what its object was made with, and is not only a default."""
    for made in module.all(Assign):
        target = strip(made.target)
        if isinstance(target, Member) and is_this_member(target) and target.name == known.name:
            value = strip(made.value) if made.value is not None else None
            return isinstance(value, Name) and not isinstance(value, Literal)
    cls = next((one for one in ancestors(known) if isinstance(one, Function) and one.owner is not None), None)
    owner = cls.owner if cls is not None else None
    makers = [one for one in owner.methods if one.kind == "constructor"] if owner is not None else []
    return any(param.name == known.name for maker in makers for param in maker.params)


def _is_of_host(module: Module, known: Expr) -> bool:
    """Tell whether a value is a part of what the host says of who calls: ``call.caller.roles``, ``session.user``."""
    root, names = path_of(module, known)
    return root is not None and len(names) > 1 and any(set(words(name)) & _KNOWN for name in names[:-1])

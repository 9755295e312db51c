"""API033: a plugin uses a service that not every host has as if it were always there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition, lineage
from reviewer.code.syntax import Assign, Binary, Call, Cast, Function, If, Literal, Member, Name, Node, Object, strip
from reviewer.code.text.ideas import FACES
from reviewer.code.text.words import words
from reviewer.code.walk import inside
from reviewer.core.regex import regex
from reviewer.experts.api.optional_members import optional_members, typedef_optional
from reviewer.experts.api.presence import asked_later, is_guarded, said_there
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.values import value_class, value_type
from reviewer.experts.lifecycle.vocabulary import BEGINNINGS
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry


_OF_MESSAGES: Final = frozenset({"guild", "channel", "author", "message", "chat", "voice_client", "interaction"})
"""Members of the context of a command that somebody typed, which say where and by whom."""
_NONE: Final = regex(r"\bNone\b|\bOptional\[")


@module_check("API033", words=FACES | BEGINNINGS)
def optional_service(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each service of the context that a type, or another place of the plugin, calls optional."""
    if module.is_test:
        return
    services = [use for use in module.all(Member) if _is_service(module, use)]
    if not services or _makes_contexts(module):
        return
    asked = {use.name: use for use in services if _chained(use) or _tested(use)}
    told: set[str] = set()
    for use in services:
        if use.name in told or _chained(use) or not _relied_on(module, use) or is_guarded(module, use):
            continue
        declared = _declared(module, use)
        other = asked.get(use.name)
        if declared is None and (other is None or not _asked_for_work(use)):
            continue
        told.add(use.name)
        at = other if other is not None else declared
        how = "is asked for elsewhere" if declared is None else "is declared as optional"
        yield Match(
            use,
            f"'{use.name}' of the context {how}, and here the plugin relies on it: on a host without it the plugin "
            "fails in the middle of its work.",
            related=((at, "here it may be missing"),) if at is not None else (),
        )

    yield from _optional_calls(module)


def _optional_calls(module: Module) -> Iterator[Match]:
    """Look for calls of what a service may lack by its type: ``ui: { open(): Panel; toast?(): void }``."""
    told: set[str] = set()
    for call in module.all(Call):
        use = strip(call.callee)
        if not isinstance(use, Member) or call.optional or use.name in told:
            continue
        if not module.resolve(use.object).startswith("context."):
            continue
        cls = value_class(module, use.object) if said_there(use) else None
        member = optional_members(cls).get(use.name) if cls is not None else None
        declared = value_type(module, use.object).replace(" ", "")
        inline = declared.startswith("{") and any(
            f"{start}{use.name}?{end}" in declared for start in "{;," for end in "(:"
        )
        if (inline or member is not None) and not is_guarded(module, use):
            told.add(use.name)
            yield Match(
                use,
                f"'{use.name}' is declared as optional, and here the plugin relies on it: on a host without it the "
                "plugin fails in the middle of its work.",
                related=((locate(cls.module, member), "here it may be missing"),) if cls and member else (),
            )


def _makes_contexts(module: Module) -> bool:
    """Tell whether what is called context is made here, and so is none that a host hands over."""
    return any(
        isinstance(node.target, Name)
        and isinstance(strip(node.value) if node.value is not None else None, Call | Object)
        and words(node.target.id) in (("ctx",), ("context",))
        and module.resolve(node.value) != "context"  # const context = this.active()
        for node in module.all(Assign)
    )


def _is_service(module: Module, use: Member) -> bool:
    """Tell whether something is a direct member of the context that a host hands to a plugin."""
    return (
        use.name not in _OF_MESSAGES
        and _is_context(module, use.object)
        and not (
            isinstance(use.object, Name) and (use.object.id in ("this", "self") or _is_of_generator(use.object.id))
        )
    )


def _is_context(module: Module, held: Expr) -> bool:
    """Tell whether a value is the context, or what a function of the plugin gives that answers with it alone."""
    if module.resolve(held) == "context":
        return True
    made = strip(held)
    gives = definition(module, made.callee) if isinstance(made, Call) and not made.args else None
    if not isinstance(gives, Function) or gives.module is not module:
        return False
    answers = [answer.value for answer in returns_of(gives)]
    return bool(answers) and all(one is not None and module.resolve(one) == "context" for one in answers)


def _is_of_generator(name: str) -> bool:
    """Tell whether a name is one that Babel gives the state of a generator: ``_context``, ``_context2``."""
    return name.rstrip("0123456789") == "_context"


def _above(use: Member) -> Node | None:
    node: Node = use
    while isinstance(node.parent, Cast):
        node = node.parent
    return node.parent


def _chained(use: Member) -> bool:
    """Tell whether what follows a service is asked for with ``?.``."""
    above = _above(use)
    return isinstance(above, Member | Call) and above.optional and strip(getattr(above, "object", use)) is use


def _tested(use: Member) -> bool:
    """Tell whether a condition asks whether there is the service: ``if (context.share)``, ``is not None``."""
    above = _above(use)
    if isinstance(above, If):
        return above.test is use
    if not isinstance(above, Binary):
        return False
    nothing = strip(above.right)
    return above.op in ("==", "!=") and isinstance(nothing, Literal) and nothing.value is None


def _relied_on(module: Module, use: Member) -> bool:
    """Tell whether a member of the service is taken, which fails where there is none, or it is said to be there."""
    above = _above(use)
    if isinstance(above, Assign) and isinstance(above.target, Name) and said_there(use):
        return not asked_later(module, above)
    return isinstance(above, Member) and strip(above.object) is use and not above.optional


def _asked_for_work(use: Member) -> bool:
    """Tell whether a member of the service is called: what is only read, ``ctx.room.name``, is data of the moment."""
    above = _above(use)
    while isinstance(above, Member):
        above = above.parent
    return isinstance(above, Call) and not any(inside(use, one) for one in above.args)


def _declared(module: Module, use: Member) -> Node | Location | None:
    """Return where the type of the context, or a comment of JavaScript, says that it may lack the service."""
    if module.language == "javascript":
        return typedef_optional(module).get(use.name)
    cls = value_class(module, use.object)
    if cls is None:
        return None
    if module.language != "python":
        found = optional_members(cls).get(use.name)
        return found if found is not None and said_there(use) else None
    fields = [field for owner in lineage(cls) for field in owner.fields if field.name == use.name]
    return next((field for field in fields if _NONE.search(field.type)), None)

"""COM005: every handler gets the very object that the sender holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type, named_type
from reviewer.code.syntax import (
    Assign,
    Call,
    Class,
    Comprehension,
    Expr,
    Field,
    For,
    Function,
    Member,
    Name,
    Object,
    Param,
    Spread,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, class_of, function_of, inside, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import is_public, named_function, speaks_beside_hearing
from reviewer.experts.communication.event_tables import is_event, is_told_one_by_one
from reviewer.experts.communication.invocations import Invocation, invocations
from reviewer.experts.communication.isolation import isolated
from reviewer.experts.communication.sources import drawn_names
from reviewer.experts.communication.vocabulary import TRIGGERS, spoken
from reviewer.experts.lifecycle.values import element_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

COPIES: Final = frozenset(
    "clone cloned copy copied deepcopy freeze frozen deepfreeze structuredclone snapshot immutable stringify "
    "dumps serialize serialise mappingproxytype postmessage".split()
)
_DEEP: Final = frozenset("clone cloned deepcopy deepfreeze structuredclone".split())
_COPYING: Final = frozenset({"structuredclone", "deepcopy", "clonedeep", "clone"})
_SHALLOW: Final = frozenset({"freeze", "MappingProxyType"})
"""What makes an object read-only, and leaves open what is in it."""
_SIMPLE: Final = frozenset("string number boolean bigint symbol str int float bool bytes void none never".split())
OPEN: Final = ("dict[", "dict", "list[", "list", "set[", "Dict[", "List[", "MutableMapping", "MutableSequence")
"""Types of fields that stay open to changes in a class whose fields can't be set."""
ANYTHING: Final = ("Record<string, unknown", "Record<string, any", "{ [", "unknown", "any", "object", "dict[str, Any")
"""Types whose members may be objects of their own."""
_BODIES: Final = frozenset({"payload", "data", "detail", "details", "body"})
"""Names of what an event carries, and of nothing that the sender made for it."""
TAKES: Final = frozenset({"get", "get_nowait", "shift", "popleft", "pop", "take", "dequeue"})
"""Methods that take the next out of a queue."""
_NOTES: Final = frozenset("log debug info warn warning error exception trace note print".split())
"""Words of calls that only write down what they are given."""
_ONE_VALUE: Final = frozenset(
    "id ids name names key path file url uri text line title topic type kind code count index number amount level time "
    "at date when sku error err reason exc exception status version flag host plugin context ctx api app client bus "
    "session user who caller source sender owner signal token logger log fn callback cb done next request req res "
    "response socket connection conn db self cls args kwargs old new previous sku lang locale x y n i".split()
)
"""Names of what is one value, which nobody can write into, or of what is meant to be the same for all."""
PAYLOADS: Final = frozenset(
    "payload data detail body message msg event evt info content args value values context state item record entry "
    "packet envelope notice change changes update delta notification".split()
)


@module_check("COM005", words=TRIGGERS)
def payload_shared(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over handlers for a payload that nobody has copied or frozen."""
    if module.is_test:
        return
    seen: set[int] = set()
    for found in invocations(inquiry, module):
        if found.loop is None or id(found.loop) in seen or not (is_event(found) or is_told_one_by_one(found)):
            continue
        seen.add(id(found.loop))
        inside, shut = next((made for a in found.call.args if (made := _open_inside(module, found, a))[0]), ("", None))
        if inside:
            yield Match(
                shut or found.call,
                f"What every handler gets is frozen, but only outside: '{inside}' in it is one object for all of them, "
                "and what one handler writes into it, the others read.",
                fix="Give each handler a copy of its own inside the loop, or freeze what is inside as well.",
                confidence=Confidence.LIKELY if shut is not None or _is_body(module, inside) else Confidence.POSSIBLE,
            )
        if inside or is_copied(module, found):
            continue
        call = found.inner or found.call
        shared = next((a for a in found.call.args if _shared(module, found, a)), None)
        if shared is not None:
            name = module.text_of(shared)
            yield Match(
                call,
                f"Every handler gets the same '{name}'{_sender_too(module, shared)}: what one handler writes into it, "
                "the others read.",
                confidence=_confidence(inquiry, module, found, shared),
            )


def _confidence(inquiry: Inquiry, module: Module, found: Invocation, shared: Expr) -> Confidence | None:
    """Say how sure it is: what was copied where it came in is shared by the handlers alone."""
    copied = _copies_elsewhere(found)
    if copied and not _sender_too(module, shared):
        return Confidence.POSSIBLE
    if inquiry.subject.kind == "host" and (_between_guests(module, found, shared) or _left_open(module, found, shared)):
        return Confidence.LIKELY
    return Confidence.LIKELY if copied or _goes_on(found, shared) else None


def _between_guests(module: Module, found: Invocation, shared: Expr) -> bool:
    """Tell whether anything may be in what goes from hand to hand over both open ends of a bus.

    Those who hold it hear beside saying, each is kept from the errors of the others, and the payload may be any object:
    it comes in as somebody gave it and goes on to every stranger.
    """
    base, function = strip(shared), named_function(found.function)
    bound = module.scopes.lookup(base.id, base) if isinstance(base, Name) else []
    param = bound[0] if len(bound) == 1 else None
    if function is None or not isinstance(param, Param) or param.parent is not function or not is_public(function):
        return False
    declared = param.type.strip().strip("'\"")
    may_be_any = declared.startswith(ANYTHING) or (not declared and bool(set(words(param.name)) & _BODIES))
    return may_be_any and speaks_beside_hearing(function) and isolated(found)


def _left_open(module: Module, found: Invocation, shared: Expr) -> bool:
    """Tell whether what strangers get, each kept from the errors of the others, is a record whose fields are all open.

    The file shuts the fields of its other records, so that these are open to be written.
    """
    base = strip(shared)
    bound = module.scopes.lookup(base.id, base) if isinstance(base, Name) else []
    param = bound[0] if len(bound) == 1 else None
    shape = named_type(module, param.type) if isinstance(param, Param) and param.type else None
    if shape is None or not shape.fields or shape.methods or any(field.readonly for field in shape.fields):
        return False
    shut = any(one is not shape and any(field.readonly for field in one.fields) for one in shape.module.all(Class))
    return shut and isolated(found)


def _open_inside(module: Module, found: Invocation, argument: Expr) -> tuple[str, Expr | None]:
    """Return the name of an object from outside in an envelope that was frozen once, for all handlers together.

    With it comes what is frozen itself, but only outside: there it looks as if it were shut.
    """
    base, around = strip(argument), (found.loop, found.through)
    copying = COPIES - frozenset(words(base.id) if isinstance(base, Name) else ())
    if any(node is not None and spoken(node) & copying for node in around) or {"deep", "freeze"} <= module.words:
        return "", None
    origin = module.scopes.origin(base) if isinstance(base, Name) else None
    made = [origin]
    if isinstance(origin, Param) and isinstance(origin.parent, Function) and origin.parent.name:
        at = origin.parent.params.index(origin)
        calls = [call for call in module.calls((origin.parent.name,)) if at < len(call.args)]
        made = [module.scopes.origin(call.args[at]) for call in calls]
    nothing: tuple[str, Expr | None] = ("", None)
    inside = [_open_member(module, one) if isinstance(one, Call) else nothing for one in made]
    return next(iter(inside), nothing) if all(name for name, _shut in inside) else nothing


def _open_member(module: Module, frozen: Call) -> tuple[str, Expr | None]:
    """Return the member of ``Object.freeze({…})`` that holds an object from outside, or a copy of one."""
    envelope = strip(frozen.args[0]) if frozen.name in _SHALLOW and len(frozen.args) == 1 else None
    for key, held in envelope.entries if isinstance(envelope, Object) else ():
        if key is None:
            continue  # what is spread is copied: only what its members hold is shared
        value = strip(held)
        copied = isinstance(value, Call) and "".join(words(value.name)) in _COPYING and bool(value.args)
        shut = isinstance(value, Call) and value.name in _SHALLOW and len(value.args) == 1
        given = strip(value.args[0]) if isinstance(value, Call) and (copied or shut) else value
        if not isinstance(given, Name):
            continue
        param = next((one for one in module.scopes.lookup(given.id, given) if isinstance(one, Param)), None)
        if param is None or (shut and not param.type.strip().startswith(ANYTHING)):
            continue  # what is frozen itself is shut, unless its members may be anything
        if not (copied or shut or set(words(given.id)) & PAYLOADS or _may_be_data(module, param, given)):
            continue
        if is_changeable(module, param, given):
            return given.id, value if shut else None
    return "", None


def _is_body(module: Module, name: str) -> bool:
    """Tell whether something is called as what events carry, or the file copies it and so knows it for an object."""
    if set(words(name)) & PAYLOADS:
        return True
    return any("".join(words(call.name)) in _COPYING and name in names_in(call.args) for call in module.all(Call))


def _goes_on(found: Invocation, shared: Expr) -> bool:
    """Tell whether the sender hands what its handlers could change on to somebody else, once all have had it."""
    loop, function, base = found.loop, found.function, strip(shared)
    if loop is None or function is None or not isinstance(base, Name):
        return False
    return any(
        call.start >= loop.stop
        and not set(words(call.name)) & _NOTES
        and base.id in names_in([one for one in call.args if not isinstance(one, Spread | Comprehension)])
        and not any(isinstance(around, For | Comprehension) for around in ancestors(call))  # the next of the handlers
        for call in calls_in(function.body, into_functions=False)
    )


def _copies_elsewhere(found: Invocation) -> bool:
    """Tell whether the class of the sender copies what it hands to plugins at other places."""
    cls = class_of(found.call)
    return cls is not None and bool(spoken(cls) & _DEEP)


def is_copied(module: Module, found: Invocation) -> bool:
    """Tell whether the sender, or those that ask it to send, copy or freeze something on the way."""
    sender = named_function(found.function)
    if sender is None:
        return bool(module.words & COPIES)
    if spoken(sender) & COPIES:
        return True
    for call in module.calls((sender.name,)):
        for argument in call.args:
            made = module.scopes.origin(argument)
            if spoken(argument) & COPIES or (isinstance(made, Expr) and spoken(made) & COPIES):
                return True
    return found.through is not None and bool(spoken(found.through) & COPIES)


def _shared(module: Module, found: Invocation, argument: Expr) -> bool:
    """Tell whether an argument is an object that came in from outside and may be changed."""
    base = strip(argument)
    while isinstance(base, Member):
        base = strip(base.object)
    if not isinstance(base, Name) or base.id == "this":
        return False
    own = set(drawn_names(getattr(found.loop, "target", None)))
    if base.id in own:
        return False
    said = bool(set(words(module.text_of(argument))) & PAYLOADS)
    for binding in module.scopes.lookup(base.id, base):
        if isinstance(binding, Param):
            return (
                isinstance(binding.parent, Function)
                and binding.parent.name != ""
                and (said or (base is strip(argument) and _may_be_data(module, binding, base)))
                and is_changeable(module, binding, base)
            )
        if (
            isinstance(binding, Assign)
            and said
            and base is strip(argument)
            and found.loop is not None
            and not inside(binding, found.loop)
        ):
            return _waited_in_line(module, binding, found.function)
    return False


def _waited_in_line(module: Module, taken: Assign, function: Function | None) -> bool:
    """Tell whether a local variable is given what stood in a queue, of a type that can be changed."""
    line = strip(taken.value) if taken.value is not None else None
    if not isinstance(line, Call) or line.name not in TAKES or line.receiver is None or function_of(taken) is None:
        return False
    shape = named_type(module, element_type(declared_type(module, line.receiver).strip()))
    return shape is not None and _is_open(shape)


def _sender_too(module: Module, shared: Expr) -> str:
    """Return that the sender holds it, too, where it came in by a parameter."""
    base = strip(shared)
    while isinstance(base, Member):
        base = strip(base.object)
    bound = module.scopes.lookup(base.id, base) if isinstance(base, Name) else []
    return ", and so does the sender" if any(isinstance(one, Param) for one in bound) else ""


def _may_be_data(module: Module, param: Param, name: Name) -> bool:
    """Tell whether a parameter is a record, or may be one for all that is said of it: by no type, and by no name."""
    if _is_data(module, param, name):
        return True
    untyped = not param.type and not declared_type(module, name) and param.default is None and not param.rest
    return untyped and not set(words(name.id)) & _ONE_VALUE


def _is_data(module: Module, param: Param, name: Name) -> bool:
    """Tell whether a parameter is a record that can be changed: a shape of the subject that only has fields."""
    shape = named_type(module, (param.type or declared_type(module, name)).strip().strip("'\""))
    if shape is None or not shape.fields or any(not method.name.startswith("__") for method in shape.methods):
        return False
    return not any("=>" in field.type or "Callable" in field.type for field in shape.fields)


def is_changeable(module: Module, param: Param, name: Name) -> bool:
    """Tell whether what a parameter takes can be written into, by all that its type says."""
    declared = (param.type or declared_type(module, name)).strip()
    if declared.startswith(("Readonly", "readonly", "DeepReadonly", "Mapping")) or declared.lower() in _SIMPLE:
        return False
    shape = named_type(module, declared)
    if shape is None:
        return True
    return _is_open(shape)


def _is_open(shape: Class) -> bool:
    """Tell whether something in the objects of a shape can be written."""
    if any(isinstance(d, Call) and d.keywords.get("frozen") is not None for d in shape.decorators):
        return _open_field(shape) != ""
    return not _all_readonly(shape)


def _open_field(shape: Class) -> str:
    """Return a field of a frozen class that holds a collection which can be changed all the same."""
    return next((field.name for field in shape.fields if field.type.strip("'\"").startswith(OPEN)), "")


def _all_readonly(shape: Class) -> bool:
    """Tell whether nothing of a shape can be written, the things in its lists included."""
    return bool(shape.fields) and all(field.readonly and not _holds_changeable(shape, field) for field in shape.fields)


def _holds_changeable(shape: Class, field: Field) -> bool:
    """Tell whether a field is a list of objects whose own fields can be written."""
    inner = element_type(field.type)
    held = named_type(shape.module, inner) if inner else None
    return held is not None and held.kind != "class" and any(not one.readonly for one in held.fields)

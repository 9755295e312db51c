"""FUN367: a schema gives a checked copy, and the value as it came is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Class, Expr, Imported, Member, Name, Node, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PARSES: Final = ("parse", "parseAsync", "validate_python", "model_validate", "parse_obj", "cast")
_BUILDERS: Final = frozenset({"z", "zod", "yup"})
_CHANGES: Final = frozenset(
    "default transform catch preprocess trim toLowerCase toUpperCase strip pipe brand prefault coerce overwrite".split()
)
"""Methods of a schema by which its answer differs from what it was given."""
_KEEPS: Final = frozenset({"strict", "strictObject", "passthrough", "looseObject", "loose"})
_WHOLE: Final = frozenset({"object"})


@module_check("FUN367", words={"parse", "validate", "cast", "model"})
def parsed_copy_dropped(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the calls of a schema whose answer nobody takes, for what is used afterwards."""
    if module.is_test:
        return
    for call in module.calls(_PARSES):
        given = strip(call.args[0]) if len(call.args) == 1 else None
        if not isinstance(given, Name) or use_of(call).how != "dropped" or function_of(call) is None:
            continue
        used = next((one for one in after(call) if isinstance(one, Name) and one.id == given.id), None)
        changed = _changed(module, call) if used is not None else ""
        if used is None or not changed:
            continue
        yield Match(
            call,
            f"The answer of '{short(module.text_of(call.callee))}' is dropped, and line {used.line} goes on with "
            f"'{given.id}' as it came: {changed}.",
            related=((used, "used as it came"),),
        )


def _changed(module: Module, call: Call) -> str:
    """Say in what a schema's answer differs from what it is given; nothing where it is no schema, or they are alike."""
    schema = call.receiver
    if schema is None:
        return ""
    if module.language == "python":
        known = isinstance(definition(module, schema), Class) if call.name in ("model_validate", "parse_obj") else False
        return "values that the model converts and defaults that it sets are missing in it" if known else ""
    made = _value(module, schema)
    if made is None or not any(name.id in _BUILDERS for name in find(made, Name)):
        return ""
    names = {one.name for one in find(made, Call)} | {one.name for one in find(made, Member)}
    if names & _CHANGES - {"strip"}:
        return "defaults and conversions of the schema are missing in it"
    if "strip" in names or (names & _WHOLE and not names & _KEEPS):
        return "members that the schema does not know are still in it"
    return ""


def _value(module: Module, schema: Expr) -> Node | None:
    """Return the expression that makes a schema, in whatever file it stands."""
    origin = module.scopes.origin(schema)
    if isinstance(origin, Imported):
        return module.project.definition(module, origin) if module.project is not None else None
    return origin if isinstance(origin, Call) else None

"""SEC621: a text of a plugin is the template that ``str.format`` fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import named_type
from reviewer.code.syntax import Call, Class, Expr, For, Function, Index, Literal, Member, Name, Param, Template, strip
from reviewer.code.walk import ancestors
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.guests import ROLES, element_of
from reviewer.experts.lifecycle.bringing.brought import is_brought
from reviewer.experts.paths import last_words, path_words, word_set
from reviewer.experts.security.values.provenance import trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FILLS: Final = frozenset({"format", "format_map", "vformat"})
_SAME: Final = frozenset({"str", "strip", "lstrip", "rstrip", "replace", "lower", "upper", "title"})
_TOLD: Final = word_set("manifest descriptor contribution contributed contributes")
_NO_TEMPLATES: Final = word_set("log logger logging formatter date time strftime")
_TEXTS: Final = word_set("template text pattern format title label message caption subject body line headline")
"""Last names of what is a text."""
_OUTSIDE: Final = frozenset({"manifest", "request", "message", "remote"})
_TOLD_IT: Final = frozenset({"request", "message", "remote"})
"""Where a text comes from that a plugin is told by others."""
_PLAIN: Final = word_set("str int float bool bytes")
_DEEPEST: Final = 6


@module_check("SEC621", words=_FILLS | {"format", "vformat"})
def format_text_from_outside(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each template that is no text of the program's own."""
    if module.is_test or module.language != "python":
        return
    own = inquiry.subject.kind == "plugin"  # what is its own is no stranger's: only what it is told is
    for call in module.calls(_FILLS):
        template = call.receiver if call.name != "vformat" else call.arg(0)
        handed = [*call.args, *call.keywords.values()]
        if template is None or not handed or set(last_words(call.receiver)) & _NO_TEMPLATES:
            continue
        if isinstance(strip(template), Member) and not set(last_words(template)) & _TEXTS:
            continue  # an object that formats what it is told: ``self.context.format(text)``
        strange = bool(trace(module, template).kinds() & _TOLD_IT) if own else _from_plugin(module, template, 0)
        if _is_text_here(module, template) or not strange or _only_texts(module, handed):
            continue
        whose = "comes from outside" if own else "is a text of a plugin"
        yield Match(
            call,
            f"'{short(module.text_of(template))}' {whose}, and 'format' follows the members that it "
            "names: '{name.__class__.__init__.__globals__}' puts what the program keeps to itself into the text.",
        )


def _is_text_here(module: Module, template: Expr) -> bool:
    made = module.scopes.origin(template)
    return isinstance(made, Literal | Template)


def _from_plugin(module: Module, template: Expr, depth: int) -> bool:
    """Tell whether a text is a member of a plugin, or comes out of what it says of itself."""
    made = strip(template)
    if depth > _DEEPEST:
        return False
    if isinstance(made, Name):
        origin = module.scopes.origin(made)
        return isinstance(origin, Expr) and origin is not made and _from_plugin(module, origin, depth + 1)
    if isinstance(made, Call) and made.name in _SAME:
        inner = made.args[0] if made.name == "str" and made.args else made.receiver
        return inner is not None and _from_plugin(module, inner, depth + 1)
    if isinstance(made, Index) and not isinstance(strip(made.key), Literal):
        return _from_plugin(module, made.object, depth + 1)  # a part of the text
    if isinstance(made, Member | Index):
        return _is_plugins(module, strip(made.object)) or bool(trace(module, made).kinds() & _OUTSIDE)
    return isinstance(made, Call) and made.receiver is not None and _is_plugins(module, strip(made.receiver))


def _is_plugins(module: Module, holder: Expr) -> bool:
    """Tell whether an object is a plugin, or what one says of itself."""
    if is_brought(module, holder) or set(last_words(holder)) & _TOLD:
        return True
    if not isinstance(holder, Name):
        return bool(path_words(holder) & _TOLD)
    bound = next(iter(module.scopes.lookup(holder.id, holder)), None)
    named = bool(set(last_words(holder)) & ROLES)
    if isinstance(bound, Param):
        kind = named_type(module, bound.type) if bound.type else None
        return named if kind is None else _is_open(kind)
    return named and isinstance(bound, For) and element_of(module, holder) is not None


def _is_open(kind: Class) -> bool:
    """Tell whether a class only says what others have to offer."""
    return any(last_words(base)[-1:] in (("protocol",), ("abc",)) for base in kind.bases)


def _only_texts(module: Module, handed: list[Expr]) -> bool:
    """Tell whether nothing but texts and numbers are filled in, of which nothing can be read that matters."""
    return all(_is_plain(module, strip(one)) for one in handed)


def _is_plain(module: Module, value: Expr) -> bool:
    if isinstance(value, Literal | Template):
        return True
    if isinstance(value, Call):
        return value.name in _PLAIN
    if isinstance(value, Name):
        bound = next(iter(module.scopes.lookup(value.id, value)), None)
        around = next((one for one in ancestors(value) if isinstance(one, Function)), None)
        return isinstance(bound, Param) and around is not None and bound.type in _PLAIN
    return False

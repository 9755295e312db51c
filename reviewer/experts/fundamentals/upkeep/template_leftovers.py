"""FUN013: what a template left for the author to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Function, Literal, Member, Name, Throw, strip
from reviewer.code.walk import find
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check, subject_check
from reviewer.experts.contract import plugin_definitions
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found
from reviewer.experts.fundamentals.manifests import plugin_manifest
from reviewer.experts.registry.members import derived

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ANYWHERE: Final = (
    r"\b(TODO|FIXME|XXX)\b(:|\s*$|\s+(add|write|describe|fill|your|a|the)\b)|^(?i:to-?do)(:.*)?$|"
    r"(?i)\blorem ipsum\b|\bchange[ -]?me\b|<[a-z][a-z _-]{2,40}>"
    r"|\[your[ \w-]{2,40}\]|\{\{ ?[\w.]+ ?\}\}|\byou@|\binsert .{2,30} here\b|\breplace (me|this)\b"
    r"|\byour[ -](name|company|email|username|organi[sz]ation|org|domain)\b"
    r"|^.{0,25}\byour[ -](plugin|extension|addon)\b"
)
_THING: Final = r"(plugin|extension|add-?on|add-?in|skill|widget)"
_FIELDS: Final = {
    "id": r"(?i)^(com\.|org\.|net\.|io\.|dev\.)?((your|my)[-_]?(company|name|org|domain)|company)\.|\b(my|your|new|"
    rf"sample|template|starter)[-_.]?{_THING}$|^(plugin|extension)[-_.]?(name|id|template)$",
    "name": rf"(?i)^(my|your|new|sample|template|starter) (\w+ )?{_THING}$|^(my|your|new|sample)-{_THING}$|^untitled\b"
    r"|^(plugin|extension)[ -]?(name|title)$",
    "description": r"(?i)^(a|an|the|my|your|this is an?)? ?(sample|example|short|brief|new|simple|awesome|great)? ?"
    rf"{_THING}?('s)? ?(description|template|boilerplate)\.?$|^(describe|description of|enter|write) (your|the|a) "
    rf"{_THING}|^a (sample|template|new|starter) {_THING}\.?$",
    "author": r"(?i)^(your|author|full)[ -]?(name)$|^(john|jane) doe\b",
    "publisher": r"(?i)^(your|my)[ -]?(name|company|publisher|org)$|^(publisher|company) ?name$",
    "homepage": r"(?i)^https?://(www\.)?(example\.(com|org|net)|your-?\w+\.\w+|github\.com/(your|user|username|owner)\b)",
}
_COMMENT: Final = 2_000
"""Characters above a class in which its comment is looked for."""
_RESERVED: Final = r"(?i)^(com|org|net)\.example(\.|$)"


@subject_check("FUN013")
def template_leftovers(inquiry: Inquiry) -> Iterator[Match]:
    """Read the texts by which people know a plugin."""
    document = plugin_manifest(inquiry)
    if document is None:
        return
    for name, pattern in _FIELDS.items():
        value = document.get(name)
        if value is None:
            continue
        texts = [value, *(inner for _key, inner in value.members())]
        for one in texts[:6]:
            if not one.text.strip():
                continue
            if found(pattern, one.text.strip()) or found(_ANYWHERE, one.text):
                yield Match(one, f"'{name}' still says what the template said: '{short(one.text)}'.")
                break
            if name == "id" and found(_RESERVED, one.text):
                yield Match(
                    one,
                    f"The id '{short(one.text)}' is of a domain that is reserved for examples, and nobody's.",
                    confidence=Confidence.POSSIBLE,
                )


@module_check("FUN013", words={"implemented", "implement", "todo"})
def unimplemented_members(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find members of a plugin that only say that they are not written yet."""
    if module.is_test or inquiry.subject.kind != "plugin":
        return
    for definition in plugin_definitions(module):
        for member in definition.members:
            if len(member.body) > 2:
                continue
            for throw in find(member.body, Throw, into_functions=False):
                if _says_unwritten(module, throw) and not _is_abstract(inquiry, module, throw):
                    yield Match(throw, f"'{_name(member)}' is not written yet: whoever calls it gets an error.")


def _name(function: Function) -> str:
    return function.name or "this function"


def _says_unwritten(module: Module, throw: Throw) -> bool:
    value = strip(throw.value) if throw.value is not None else None
    if isinstance(value, Name | Member):
        return module.text_of(value).endswith("NotImplementedError")
    if not isinstance(value, Call):
        return False
    first = value.arg(0)
    text = first.value if isinstance(first, Literal) and isinstance(first.value, str) else ""
    if module.text_of(value.callee).endswith("NotImplementedError"):
        return True
    return found(r"(?i)\bnot (yet )?implemented\b|\bto-?do\b|\bimplement me\b", text)


def _is_abstract(inquiry: Inquiry, module: Module, throw: Throw) -> bool:
    """Tell whether the class around is meant to be filled in by others: it is built on, or says so."""
    around = throw.parent
    while around is not None and not isinstance(around, Function):
        around = around.parent
    owner = around.owner if isinstance(around, Function) else None
    if owner is None:
        return False
    above = module.source[max(0, owner.raw.start_byte - _COMMENT) : owner.raw.start_byte]
    comment, _end, between = above.rpartition(b"*/")
    said = comment[comment.rfind(b"/*") :].lower() if between.strip() in (b"", b"export", b"export default") else b""
    return (
        owner.name.startswith(("Base", "Abstract"))
        or owner.name.endswith(("Base", "Mixin"))
        or bool(isinstance(around, Function) and around.decorators)
        or b"abstract" in said
        or derived(inquiry, owner)
    )

"""FUN006: the code of a plugin says another id or version than its manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import STARTERS
from reviewer.code.syntax import (
    Assign,
    Call,
    Class,
    Export,
    Expr,
    ExprStatement,
    Field,
    Function,
    Literal,
    Name,
    Node,
    Object,
    Return,
    strip,
)
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.core.location import Location
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, subject_check
from reviewer.experts.contract import plugin_definitions
from reviewer.experts.data.messages import short
from reviewer.experts.drawn import Drawn
from reviewer.experts.fundamentals.manifests import plugin_manifest
from reviewer.experts.place import locate
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Document, Value

_IDS: Final = frozenset({"id", "pluginid", "extensionid", "addonid", "addinid", "skillid", "moduleid", "identifier"})
_VERSIONS: Final = frozenset({"version", "pluginversion", "extensionversion", "addonversion"})

_RELEASE: Final = regex(r"\d+\.\d+\.\d+(?:[-+][\w.]+)?")

_WORTH: Final = STARTERS | _IDS - {"id"} | _VERSIONS | PLAIN_GUEST | frozenset("skill module".split())
"""What a file holds that defines a plugin, or a constant with its identity."""


@subject_check("FUN006")
def identity_differs(inquiry: Inquiry) -> Iterator[Match]:
    """Compare the identity that the plugin's class, object or constants spell with the manifest's."""
    document = plugin_manifest(inquiry)
    if document is None:
        return
    spelled = [one for part in _SPELLED.of(inquiry) for one in part]
    packaged = list(_package(inquiry))
    for role in ("id", "version"):
        value = document.get(role)
        said = [one for one in spelled if one[0] == role]
        if value is None or not value.text or any(text == value.text for _r, text, _at, _f in said):
            continue
        if role == "version" and packaged and any(text == packaged[0][1].text for _r, text, _at, _f in said):
            continue  # code and package agree: it is the manifest that was forgotten
        if role == "id":
            said = [one for one in said if one[3] or _is_like(one[1], value.text)]
        for _said, text, at, firm in sorted(said, key=lambda one: not one[3])[:1]:
            yield Match(
                at,
                f"The code says that its {role} is '{short(text)}', the manifest says '{short(value.text)}'.",
                related=((value, "what the manifest says"),),
                fix=f"Read the {role} from the manifest, or keep the two the same with a test.",
                confidence=None if firm or role == "id" or _of_entry(document, at.path) else Confidence.POSSIBLE,
            )
    for mine, other in packaged:
        yield Match(
            mine,
            f"The manifest says version '{short(mine.text)}', package.json says '{short(other.text)}': which of "
            "the two runs can't be told.",
            related=((other, "what package.json says"),),
        )


def _is_like(text: str, meant: str) -> bool:
    """Tell whether a text is an id that is spelt otherwise, or another one of the same publisher."""
    space = meant.rpartition(".")[0]
    same = [letter for letter in text if letter.isalnum()] == [letter for letter in meant if letter.isalnum()]
    return same or (space.count(".") > 0 and text.rpartition(".")[0] == space)


def _of_entry(document: Document, path: str) -> bool:
    """Tell whether a file is the one that the manifest's entry names, or opens the package that the entry is in."""
    entry = document.get("main")
    named = entry.text.partition(":")[0] if entry is not None and entry.text else ""
    top = named.removeprefix("./").replace("\\", "/").split("/")[0].split(".")[0]
    return bool(top) and path.removeprefix("src/") in (f"{top}.py", f"{top}/__init__.py")


def _package(inquiry: Inquiry) -> Iterator[tuple[Value, Value]]:
    """Yield the version of the manifest and that of the package.json beside it, where they differ."""
    document = inquiry.manifest
    package = inquiry.subject.other_documents.get("package.json")
    if document is None or package is None or document.path == package.path:
        return
    mine, other = document.get("version"), package.get("version")
    if mine is not None and other is not None and mine.text and other.text and mine.text != other.text:
        if other.text in ("0.0.0", "0.0.1") and package.get("private") is not None:
            return
        yield mine, other


def _spelled(_inquiry: Inquiry, module: Module) -> list[tuple[str, str, Location, bool]]:
    """Return (``id`` or ``version``, text, place, whether it surely is the plugin's) of what a module spells."""
    if is_tooling(module.path) or not any(map(_role, module.identifiers)):
        return []
    return [
        (role, str(said.value), locate(module, said), firm)
        for role, node, firm in _identities(module)
        if (said := _constant(module, node)) is not None
    ]


_SPELLED: Final = Drawn("identity", _spelled, list[tuple[str, str, Location, bool]], _WORTH, tests=False)


def _identities(module: Module) -> Iterator[tuple[str, Expr, bool]]:
    """Yield (``id`` or ``version``, what is given for it, whether it surely is the plugin's) of a module."""
    for definition in plugin_definitions(module):
        at: Node = definition.at
        if isinstance(at, Class):
            yield from _of_class(module, at)
        elif isinstance(at, Object):
            for key, value in at.entries:
                role = _role(str(key.value)) if isinstance(key, Literal) else ""
                if role:
                    yield role, value, True
    for assign in module.all(Assign):
        target = assign.target
        if isinstance(target, Name) and assign.value is not None and _is_top(assign):
            said = words(target.id)
            role = _role(target.id)
            plain = role == "id" and len(said) == 1
            spelled = target.id == "__version__" or (target.id == "VERSION" and _is_release(assign.value))
            if role and (len(said) > 1 or spelled or (plain and plugin_definitions(module))):
                yield role, assign.value, not spelled and not plain


def _is_release(value: Expr) -> bool:
    """Tell whether a constant is the version of something that is released: ``1.0.2``, and no number of a format."""
    said = strip(value)
    return isinstance(said, Literal) and isinstance(said.value, str) and _RELEASE.fullmatch(said.value) is not None


def _is_top(assign: Assign) -> bool:
    around = assign.parent
    while isinstance(around, ExprStatement | Export):
        around = around.parent
    return around is None


def _of_class(module: Module, cls: Class) -> Iterator[tuple[str, Expr, bool]]:
    for field in cls.fields:
        role = _role(field.name)
        if role and isinstance(field, Field) and field.value is not None:
            yield role, field.value, True
    for method in cls.methods:
        role = _role(method.name) if method.kind == "getter" else ""
        if role:
            yield from ((role, given, True) for given in _returned(method))
    for name, assigns in module.scopes.fields(cls).items():
        role = _role(name)
        if role:
            yield from ((role, one.value, True) for one in assigns if one.value is not None)


def _returned(method: Function) -> Iterator[Expr]:
    for statement in find(method.body, Return, into_functions=False):
        if statement.value is not None:
            yield statement.value


def _role(name: str) -> str:
    flat = "".join(words(name))
    return "id" if flat in _IDS else "version" if flat in _VERSIONS else ""


def _constant(module: Module, value: Expr) -> Literal | None:
    """Return the text that stands for an identity, where it is written down: the place to mend."""
    value = strip(value)
    if isinstance(value, Call):
        return None
    origin = module.scopes.origin(value)
    if not isinstance(origin, Literal) or not isinstance(origin.value, str) or not origin.value:
        return None
    name = module.text_of(origin)
    given = (one for one in module.all(Assign) if isinstance(one.target, Name) and one.target.id == name)
    written = next((strip(one.value) for one in given if one.value is not None), origin)
    return written if isinstance(written, Literal) and written.value == origin.value else origin

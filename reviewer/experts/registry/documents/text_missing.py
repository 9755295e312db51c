"""REG221: a text that an extension names and that its default language does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reviewer.code.syntax import Literal
from reviewer.core.nearest import did_you_mean
from reviewer.core.scale import Severity
from reviewer.experts.browser.api import calls_of
from reviewer.experts.browser.locales import texts
from reviewer.experts.check import Match, module_check, subject_check
from reviewer.subject.building import Building

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.browser.locales import Texts
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_PLACEHOLDER: Final = r"__MSG_([A-Za-z0-9_@]{1,100})__"
_MOST: Final = 60
_MOST_VALUES: Final = 5000


@subject_check("REG221")
def text_missing(inquiry: Inquiry) -> Iterator[Match]:
    """Look up the texts of the manifest, and the language that has to have them."""
    if inquiry.manifest is None:
        return
    held = texts(inquiry)
    named = list(_named(inquiry.manifest.root))[:_MOST]
    language = held.language
    if language is None:
        if named:
            value, name = named[0]
            yield Match(
                value,
                f"'__MSG_{name}__' names a text, and the manifest has no 'default_locale' to take it from: browsers "
                "refuse the extension.",
                fix='Add "default_locale", for example "en", and _locales/en/messages.json.',
            )
        return
    if held.names is None:
        building = Building(inquiry.subject)
        put = held.path in inquiry.subject.files or building.moves_manifest or building.makes(held.path, ())
        if not put:
            yield Match(
                language,
                f"'default_locale' is '{language.text[:40]}', and there is no '{held.path}': browsers refuse the "
                "extension.",
            )
        return
    for value, name in named:
        if name.lower() not in held.names and not name.startswith("@@"):
            yield Match(value, _lacking(held, name))


@module_check("REG221", words={"message"})
def text_of_code_missing(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look up the texts that code asks for by a plain name."""
    if inquiry.manifest is None or module.is_test:
        return
    for _, call in calls_of(module, "i18n.getMessage"):
        first = call.arg(0)
        held = texts(inquiry)
        if not isinstance(first, Literal) or not isinstance(first.value, str) or held.names is None:
            continue
        if first.value.lower() not in held.names and not first.value.startswith("@@") and first.value:
            yield Match(
                first, f"{_lacking(held, first.value)} 'getMessage' gives an empty text.", severity=Severity.MEDIUM
            )


def _lacking(held: Texts, name: str) -> str:
    return f"'{held.path}' has no text '{name[:60]}'{did_you_mean(name.lower(), held.names or ())}."


def _named(root: Value) -> Iterator[tuple[Value, str]]:
    """Yield the values of the manifest that name texts, with the name of each."""
    pending = [root]
    for _ in range(_MOST_VALUES):
        if not pending:
            return
        value = pending.pop()
        if "__MSG_" in value.text:
            for hit in _pattern().finditer(value.text[:2000]):
                yield value, hit[1]
        pending.extend([*(inner for _, inner in value.members()), *value.items()][::-1])


def _pattern() -> Any:
    import re2

    return re2.compile(_PLACEHOLDER)

"""PAT250 to PAT253: ways of handling the files of a vault that Obsidian's guidelines advise against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Binary, Call, Cast, Function, Literal, Member, Name, Return, Template, strip
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.obsidian.plugin import is_plugin_code, means, oldest_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_LISTS: Final = frozenset({"Vault#getFiles", "Vault#getMarkdownFiles", "Vault#getAllLoadedFiles"})
_FINDS: Final = frozenset({"Vault#getAbstractFileByPath", "Workspace#getActiveFile"})
_READS: Final = frozenset({"Vault#read", "Vault#cachedRead"})
_PROCESS_SINCE: Final = (1, 1)
_CONFIG: Final = ".obsidian/"


@module_check("PAT250", words={"obsidian"})
def config_folder_fixed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for the name of the folder with the settings in paths that are put together."""
    if _CONFIG.encode() not in module.source or not is_plugin_code(inquiry, module):
        return
    for text in module.some(Literal, Template):
        spelled = text.items[0] if isinstance(text, Template) and text.items else text
        value = spelled.value if isinstance(spelled, Literal) else None
        if isinstance(value, str) and _is_path(value) and not isinstance(text.parent, Template):
            yield Match(text, "A vault may keep its settings in another folder than '.obsidian'.")


def _is_path(text: str) -> bool:
    """Tell whether a text is a path with the folder, and no sentence that speaks of it."""
    start = text.find(_CONFIG)
    return "\n" not in text and (start == 0 or (start > 0 and text[start - 1] == "/" and " " not in text[:start]))


@module_check("PAT251", words={"files"})
def found_by_walking(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for searches over all files for the one with a path."""
    if not is_plugin_code(inquiry, module):
        return
    for call in module.calls({"find"}):
        source = strip(call.receiver) if call.receiver is not None else None
        if not isinstance(source, Call):
            origin = module.scopes.origin(source) if source is not None else None
            source = origin if isinstance(origin, Call) else None
        if source is None or means(inquiry, module, source.callee) not in _LISTS:
            continue
        test = strip(call.args[0]) if call.args else None
        if isinstance(test, Function) and _by_path(test):
            yield Match(call, "All files of the vault are walked for one path, which the vault finds at once.")


def _by_path(test: Function) -> bool:
    """Tell whether a function answers with nothing but a comparison of the path of what it is given."""
    if not test.params:
        return False
    for answer in find(test.body, Return, into_functions=False):
        value = answer.value
        if not isinstance(value, Binary) or value.op != "==":
            return False
        for side in (value.left, value.right):
            if isinstance(side, Member) and side.name == "path" and isinstance(side.object, Name):
                return side.object.id == test.params[0].name
    return False


@module_check("PAT252", words={"file", "folder"})
def file_by_cast(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for what the vault found and code only calls a file."""
    if not is_plugin_code(inquiry, module):
        return
    for cast in module.all(Cast):
        kind = cast.type.strip()
        if kind not in ("TFile", "TFolder"):
            continue
        given = strip(cast.value)
        origin = given if isinstance(given, Call) else module.scopes.origin(given)
        if not isinstance(origin, Call) or means(inquiry, module, origin.callee) != "Vault#getAbstractFileByPath":
            continue
        if _checked(module, cast, given) or _tested(cast):
            continue
        yield Match(
            cast,
            f"What stands under the path may be a {'folder' if kind == 'TFile' else 'file'}, or nothing: "
            f"'as {kind}' only silences the compiler.",
        )


def _checked(module: Module, cast: Cast, given: Expr) -> bool:
    spelled = module.text_of(given)
    return isinstance(given, Name) and any(spelled in module.text_of(one.test) for one in conditions(cast))


def _tested(cast: Cast) -> bool:
    parent = cast.parent
    return isinstance(parent, Binary) and parent.op in ("instanceof", "==", "!=")


@module_check("PAT253", words={"modify"})
def read_then_modify(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for notes that are read, changed and written, while others may write them, too."""
    oldest = oldest_app(inquiry)
    if oldest is None or oldest < _PROCESS_SINCE or not is_plugin_code(inquiry, module):
        return
    for function in module.functions:
        calls = [call for call in calls_in(function.body, into_functions=False) if call.args]
        read = {
            module.text_of(call.args[0])
            for call in calls
            if call.name in ("read", "cachedRead") and means(inquiry, module, call.callee) in _READS
        }
        for call in calls if read else ():
            same = call.name == "modify" and module.text_of(call.args[0]) in read
            if same and means(inquiry, module, call.callee) == "Vault#modify":
                text = "The note is read and written in two steps: what somebody else writes between them is lost."
                yield Match(call, text)

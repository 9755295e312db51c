"""FUN007: the entry point of the manifest leads to nothing that could be loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.project import exported
from reviewer.core.errors import UnreadableError
from reviewer.core.nearest import nearest
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found
from reviewer.experts.fundamentals.entry_points.entries import BUILT, Lead, lead
from reviewer.experts.fundamentals.entry_points.never_built import never_built
from reviewer.experts.fundamentals.manifests import entry_fields, plugin_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_NO_CODE: Final = r"(?i)\.(md|txt|json|ya?ml|toml|css|scss|png|svg|jpe?g|gif|ico|map|lock|d\.ts|log|pdf)$"
_OTHER_BUILDS: Final = r"(?i)^(rollup|webpack|vite|tsup|esbuild|rspack|parcel|gulpfile|gruntfile|makefile|babel)"
_OUT_DIR: Final = regex(rb'"outDir"\s{0,9}:\s{0,9}"([^"]{1,80})"')
_LONGEST_CONFIG: Final = 20_000
_ELSEWHERE: Final = r"(?i)^(\w+:)?//|^[a-z][\w+.-]*:/|(^|[/\\])\.\.([/\\]|$)|^[/~\\]|^[A-Za-z]:[/\\]|\s|[{}$*%<>]"
"""Entries that lead out of the package, which another rule says, and those that are filled in later."""


@subject_check("FUN007")
def entry_missing(inquiry: Inquiry) -> Iterator[Match]:
    """Follow each entry of the manifest to its file."""
    document = plugin_manifest(inquiry)
    if document is None or not inquiry.project.sources:
        return
    for name, value in entry_fields(document.root):
        text = value.text
        if found(_ELSEWHERE, text) or len(text) > 300:
            continue
        if found(_NO_CODE, text):
            yield Match(value, f"'{name}' is '{short(text)}', which is no code that a host could load.")
            continue
        where = lead(inquiry, text)
        if where.path:
            problem = _name_missing(inquiry, where)
            if problem:
                yield Match(value, f"'{name}' is '{short(text)}': {problem}")
            continue
        if where.near:
            yield Match(
                value,
                f"'{name}' is '{short(text)}', and the file is called '{where.near}': on a file system that tells "
                "capital letters apart it is not found.",
                fix=f"Write the name as the file has it: '{where.near}'.",
            )
        elif where.unbuilt:
            told = _built_elsewhere(inquiry, text)
            if told:
                yield Match(
                    value,
                    f"'{name}' is '{short(text)}', and the compiler writes into '{told}': the host finds nothing.",
                    fix=f"Name the file where the compiler puts it, in '{told}'.",
                )
            elif not where.python and (why := never_built(inquiry, text)):
                yield Match(value, f"'{name}' is '{short(text)}', and there is no such file in the plugin: {why}.")
        else:
            built = bool(BUILT & set(text.replace("\\", "/").split("/")[:-1]))
            yield Match(
                value,
                f"'{name}' is '{short(text)}', and there is no such file in the plugin.",
                confidence=Confidence.POSSIBLE if built and _has_stem(inquiry, text) else None,
            )


def _built_elsewhere(inquiry: Inquiry, text: str) -> str:
    """Return the folder that the compiler alone builds into, where the entry lies in another one."""
    files = inquiry.subject.files
    if "tsconfig.json" not in files or any(found(_OTHER_BUILDS, one) for one in files if "/" not in one):
        return ""
    try:
        told = _OUT_DIR.search(inquiry.subject.read("tsconfig.json")[:_LONGEST_CONFIG])
        package = inquiry.subject.read("package.json")[:_LONGEST_CONFIG] if "package.json" in files else b""
    except UnreadableError:
        return ""
    folder = told.group(1).decode("utf-8", "replace").removeprefix("./").strip("/") if told is not None else ""
    first = text.replace("\\", "/").removeprefix("./").split("/", 1)[0]
    plain = b"tsc" in package and not any(
        one in package for one in (b"rollup", b"esbuild", b"vite", b"tsup", b"webpack")
    )
    return folder if plain and folder and folder != "." and folder.split("/", 1)[0] != first else ""


def _has_stem(inquiry: Inquiry, text: str) -> bool:
    """Tell whether a source has the name of a file that a build would make, outside of an archive."""
    stem = text.replace("\\", "/").rsplit("/", 1)[-1].split(".", 1)[0]
    sources = inquiry.project.sources
    return not inquiry.subject.root.archive and any(one.rsplit("/", 1)[-1].split(".", 1)[0] == stem for one in sources)


def _name_missing(inquiry: Inquiry, where: Lead) -> str:
    """Say what is wrong with the class or function that an entry names in its file; empty where it is there."""
    if not where.named:
        return ""
    module = inquiry.project.module(where.path)
    name = where.named.split(".", 1)[0]
    if module is None or module.problems or exported(module, name) is not None:
        return ""
    bound = module.scopes.table(None)
    if name in bound or "__getattr__" in bound or any(item.local in ("*", "") for item in module.imports):
        return ""
    close = nearest(name, [cls.name for cls in module.classes if cls.name])
    hint = f"; '{close}' is" if close else ""
    return f"'{where.path}' defines no '{name}'{hint}."

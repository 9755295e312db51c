"""The command ``design``: from answers to decisions, and from those to documents and code."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewer.commands.command import Reply
from reviewer.core.errors import ExitCode, UsageError
from reviewer.report.options import RenderOptions

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Decided
    from reviewer.blueprint.model import Design
    from reviewer.commands.command import Console, Invocation
    from reviewer.design.interview import Asked

BACK: Final = "back"
"""What a person types to be asked the question before once more."""
USUAL: Final = "plugin-design.yaml"
"""The design file where none is named."""


def run(invocation: Invocation) -> Reply:
    """Decide a design: ask for what is missing where somebody is there, and tell or write what follows."""
    given, console = invocation.arguments, invocation.console
    if given["purpose"] == "keys":
        return _keys(console)
    if given["purpose"] == "schema":
        from reviewer.blueprint.schema import SHIPPED

        return Reply(SHIPPED.read_text(encoding="utf-8"))
    from reviewer.blueprint.decide import decide
    from reviewer.design.setting import with_settings

    path = _path(given["spec"])
    comparing = given["purpose"] == "diff" or bool(given["against"])
    asking = console.ask is not None and not comparing and given["purpose"] != "defaults"
    before = _loaded(path, given["spec"], asking=asking)
    today = time.strftime("%Y-%m-%d")
    design = with_settings(before, given["set"])
    if comparing:
        old = _loaded(Path(given["against"]), given["against"], asking=False) if given["against"] else before
        return _difference(decide(old, today=today), decide(design, today=today), given["format"], console)
    note = ""
    if asking and not given["set"]:
        design, note = _interview(design, path, console)
    decided = decide(design, today=today)
    code = ExitCode.FINDINGS if decided.contradictions else ExitCode.PASSED
    if given["out"]:
        code, note = _written(decided, given["out"])
    return Reply(_shown(decided, given["format"], console), code, note)


def _path(spec: str) -> Path:
    """Return the design file: the one that was named, or the usual one in the folder, in whichever format it is."""
    path = Path(spec or ".")
    if not path.is_dir():
        return path
    usual = path / USUAL
    others = (usual.with_suffix(suffix) for suffix in (".yaml", ".yml", ".json", ".toml"))
    return next((one for one in others if one.exists()), usual)


def _loaded(path: Path, spec: str, *, asking: bool) -> Design:
    """Return the design of a file; a new one where there is none and nobody named it, or somebody can be asked."""
    from reviewer.blueprint.reading import load_design
    from reviewer.design.interview import new_design

    if path.exists():
        return load_design(path)[0]
    if spec and not asking:
        raise UsageError(f"{spec}: there is no such design; `reviewer design` on a terminal asks and writes one")
    return new_design()


def _interview(design: Design, path: Path, console: Console) -> tuple[Design, str]:
    """Ask what is not answered yet, save after each answer, and return the design and what to say of it."""
    from reviewer.design.interview import answered, next_question
    from reviewer.design.saving import save
    from reviewer.design.telling import question_text

    ask = console.ask
    told: list[Asked] = []
    again: Asked | None = None
    while ask is not None and (asked := again or next_question(design, {one.key for one in told})) is not None:
        again, prompt = None, question_text(asked, _options(console))
        while True:
            try:
                text = ask(prompt)
                if text.strip() == BACK and told:
                    again = told.pop()
                else:
                    design = answered(design, asked, text)
                break
            except UsageError as error:
                prompt = f"  {error}\n  again: "
            except EOFError:
                return design, f"{path}: answers so far are saved; `reviewer design` goes on where you stopped"
        if again is None:
            told.append(asked)
            save(design, path)
    return design, f"{path}: all answers are saved" if told else ""


def _difference(before: Decided, after: Decided, form: str, console: Console) -> Reply:
    """Return what the settings change; contradictions of the changed design fail."""
    from reviewer.design.difference import differences
    from reviewer.design.telling import difference_text

    changes = differences(before, after)
    code = ExitCode.FINDINGS if after.contradictions else ExitCode.PASSED
    if form == "json":
        from reviewer.design.data import difference_data
        from reviewer.report.escape.plain_json import dump

        return Reply(dump(difference_data(changes)), code)
    return Reply(difference_text(changes, _options(console)), code)


def _shown(decided: Decided, form: str, console: Console) -> str:
    """Return the design in the form that was asked for."""
    if form == "json":
        from reviewer.design.data import design_data
        from reviewer.report.escape.plain_json import dump

        return dump(design_data(decided))
    if form == "diagrams":
        from reviewer.design.telling import diagrams_text

        return diagrams_text(decided, _options(console))
    if decided.design.target and form == "html":
        from reviewer.design.targets.telling import plan_page

        return plan_page(decided)
    if decided.design.target and form in ("text", "markdown"):
        from reviewer.design.targets.telling import plan_text

        return plan_text(decided, _options(console) if form == "text" else None)
    if form in ("markdown", "html"):
        from reviewer.design.documents.render import DESIGN, PAGE, documents, markdown_documents

        return markdown_documents(decided)[DESIGN] if form == "markdown" else documents(decided)[PAGE]
    from reviewer.design.telling import summary

    return summary(decided, _options(console))


def _written(decided: Decided, folder: str) -> tuple[ExitCode, str]:
    """Write documents and starter code; return whether somebody has to decide something, and what was done.

    A design that is refused is not written.
    """
    from reviewer.design.merging.design import write_design

    if decided.contradictions:
        return ExitCode.FINDINGS, f"{folder}: nothing was written, because the design contradicts itself"
    written = write_design(decided, Path(folder))
    return ExitCode.FINDINGS if written.open else ExitCode.PASSED, f"{folder}: {written.told()}"


def _keys(console: Console) -> Reply:
    from reviewer.blueprint.reading_rules import shipped_rulebook
    from reviewer.design.telling import keys_text

    return Reply(keys_text(shipped_rulebook(), _options(console)))


def _options(console: Console) -> RenderOptions:
    return RenderOptions(colour=console.colour, width=console.width, unicode=console.unicode)

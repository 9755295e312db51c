"""Looks at one source file: decodes it, parses it, and asks every check that could speak."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from reviewer.code.module import Module
from reviewer.code.text.languages import language_of
from reviewer.core.location import Location
from reviewer.core.regex import regex
from reviewer.core.review import Problem, Skipped
from reviewer.core.rule import Rule
from reviewer.core.scale import Confidence
from reviewer.engine.judging.comments import MARKER, Mark, find_marks
from reviewer.engine.looking.damage import damage
from reviewer.engine.looking.making import Maker
from reviewer.engine.looking.reading import Reading
from reviewer.engine.remembering.once_more import Known
from reviewer.engine.results import FileResult
from reviewer.experts.check import Inquiry, Registered
from reviewer.experts.drawn import draw_all, hear_all

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from reviewer.core.finding import Finding
    from reviewer.engine.looking.reading import Source

_MOST_MATCHES: Final = 1000
"""Matches of one rule in one file that are taken."""
_FLAG_RULES: Final = {"bidi": "SEC081", "hidden": "SEC081"}
"""Which rule speaks about an oddity of a file's text; for any other it is FUN083."""
_ADDRESS: Final = regex(r"0x[0-9a-fA-F]{4,}")
_PACKAGE: Final = "reviewer/"


class Asking(Struct):
    """Asks checks, and survives those that fail."""

    inquiry: Inquiry
    rules: dict[str, Rule]
    maker: Maker
    problems: list[Problem] = field(default_factory=list)

    def ask(self, entry: Registered, module: Module | None) -> list[Finding]:
        """Return what a check says; a check that raises leaves a problem with its rule's name."""
        rule = self.rules[entry.rule]
        found: list[Finding] = []
        try:
            if module is not None:
                matches = entry.on_module(self.inquiry, module) if entry.on_module else ()
            else:
                matches = entry.on_subject(self.inquiry) if entry.on_subject else ()
            found.extend(self.maker.of_match(rule, match, module) for match in islice(matches, _MOST_MATCHES))
        except MemoryError:
            raise  # nothing that runs on in this process can be trusted to see everything
        except Exception as error:  # noqa: BLE001 - a check that crashes is a result
            path = module.path if module is not None else ""
            self.problems.append(Problem(rule.id, f"the check failed: {describe(error)}", path))
        return found


def describe(error: BaseException) -> str:
    """Say what was raised and where in this program, without anything that changes between runs."""
    text = _ADDRESS.sub("0x…", " ".join(str(error).split()))[:200]
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    where = _where(error.__traceback__)
    return f"{said} ({where})" if where else said


def _where(trace: TracebackType | None) -> str:
    """Return file and line of the innermost frame inside this program."""
    found = ""
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename.replace("\\", "/")
        if _PACKAGE in name:
            found = f"{_PACKAGE}{name.rsplit(_PACKAGE, 1)[1]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


class Looker(Struct):
    """Looks at the source files of one subject, one at a time and in any order."""

    reading: Reading
    asking: Asking
    checks: tuple[Registered, ...]
    cheap: tuple[Registered, ...]
    """Checks that go by names alone, which are all that is asked about generated code."""
    drawing: bool = False
    """True for a subject that is too large to be walked again by what is asked of all of it."""
    known: Known = Known()
    """What is not to be found out again."""

    def look(self, path: str) -> FileResult:
        """Return what one file gives."""
        alone = self.known.alone(path)
        if alone is not None and not self._concerned(path):
            return alone
        return self.known.add_to(self._looked(path))

    def _concerned(self, path: str) -> bool:
        """Tell whether any check has something to look at in a file."""
        module = self.reading.project.module(path)
        return module is None or any(self._fits(entry, module) for entry in self.checks)

    def _looked(self, path: str) -> FileResult:
        source = self.reading.source(path)
        if source.text is None:
            matters = not source.generated
            return FileResult(path, language_of(path), analysed=False, skipped=Skipped(path, source.refused, matters))
        if source.generated:
            module = Module(path, source.text.text_bytes)
            reason = f"{source.generated}; only names of calls and imports were looked at"
            findings = self._asked(self.cheap, module)
            return self._result(module, source, findings, Skipped(path, reason))
        found = self.reading.project.module(path)
        if found is None:
            return FileResult(
                path, language_of(path), analysed=False, skipped=Skipped(path, "can't be read", matters=True)
            )
        _ = found.order  # lowered as a whole, every check finds its nodes without a walk
        findings = self._asked(self.checks, found)
        drawn = draw_all(self.asking.inquiry, found) if self.drawing else None
        skipped = _unread(path, source) or self._syntax(found, findings)
        return replace(self._result(found, source, findings, skipped), drawn=drawn)

    def recall(self, result: FileResult) -> FileResult:
        """Take over what another process drew of a file, and return the rest of its result."""
        if result.drawn is None:
            return result
        hear_all(self.asking.inquiry, result.path, result.drawn)
        return replace(result, drawn=None)

    def _asked(self, checks: Iterable[Registered], module: Module) -> list[Finding]:
        findings: list[Finding] = []
        for entry in checks:
            if self._fits(entry, module):
                findings += self.asking.ask(entry, module)
        return findings

    def _fits(self, entry: Registered, module: Module) -> bool:
        """Tell whether a check is for the language of a module, and a word is there that it waits for."""
        languages = self.asking.rules[entry.rule].applies_to.languages
        if languages and module.language not in languages:
            return False
        return not entry.words or not entry.words.isdisjoint(module.words)

    def _syntax(self, module: Module, findings: list[Finding]) -> Skipped | None:
        """Add what the parser could not understand; a file that is mostly so counts as missed."""
        harm = damage(module)
        if harm is not None:
            rule = self.asking.rules.get("FUN082")
            if rule is not None and not module.is_test and not harm.mute:
                message = "the parser does not understand this place, so what follows may be misread"
                findings.append(self.asking.maker.at_place(rule, harm.first, message))
            if harm.severe:
                reason = f"syntax errors from line {harm.first.line} on: most of it can't be understood"
                return Skipped(module.path, reason, matters=not module.is_test and not harm.mute)
        if module.too_deep:
            return Skipped(module.path, "nested too deeply to be understood as a whole", matters=True)
        return None

    def _result(self, module: Module, source: Source, findings: list[Finding], skipped: Skipped | None) -> FileResult:
        path = module.path
        for flag in source.text.flags if source.text is not None else ():
            rule = self.asking.rules.get(_FLAG_RULES.get(flag.kind, "FUN083"))
            if rule is not None:
                place = Location(path, flag.line, flag.column, flag.line, flag.column + 1)
                message = flag.message if flag.kind in _FLAG_RULES else f"the file {flag.message}"
                finding = self.asking.maker.at_place(rule, place, message)
                if module.is_test or source.generated:  # an example on purpose, or a table of all letters
                    finding = replace(finding, confidence=Confidence.POSSIBLE)
                findings.append(finding)
        problems = tuple(self.asking.problems)
        self.asking.problems.clear()
        return FileResult(
            path,
            module.language,
            analysed=skipped is None,
            skipped=skipped,
            findings=tuple(findings),
            marks=_marks(module),
            problems=problems,
        )


def _unread(path: str, source: Source) -> Skipped | None:
    """Return the file as missed where it names an encoding in which other code may stand than what was read."""
    for flag in source.text.flags if source.text is not None else ():
        if flag.kind == "foreign-encoding":
            return Skipped(path, f"it {flag.message}", matters=True)
    return None


def _marks(module: Module) -> tuple[Mark, ...]:
    """Return the comments of a module that silence rules."""
    if MARKER not in module.source:
        return ()
    text = module.source.decode("utf-8", "replace")
    starts = [0]
    for line in module.source.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)

    def is_comment(line: int, column: int) -> bool:
        begin = starts[line - 1]
        before = module.source[begin : starts[line]].decode("utf-8", "replace")[: column - 1]
        at = begin + len(before.encode("utf-8", "replace"))
        node = module.tree.root_node.descendant_for_byte_range(at, at)
        return node is not None and "comment" in node.type

    return find_marks(module.path, text, is_comment)

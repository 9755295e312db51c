"""The examples of rule pages, reviewed through the whole engine with their rule alone."""

from __future__ import annotations

from pathlib import Path

from reviewer import resources
from reviewer.core.rule import Rule
from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import RootReview
from reviewer.library.library import load_library

EARLIER = "earlier/"
"""Where the files of the version lie that an example is compared with."""
DESIGN = "design/plugin-design.yaml"
"""Where the design lies that an example is held against."""
OWN = Path(__file__).resolve().parents[2] / "examples" / "own-rules"
RULES = load_library(resources.skills(), resources.agents(), (OWN,), pages=True).rules
ECOSYSTEMS = sorted(
    (path.parent.name for path in (resources.skills() / "ecosystems").glob("*/profile.toml")), reverse=True
)


class Quiet:
    """Watches nothing."""

    def at(self, path: str) -> None:
        """Say which file comes next."""

    def during(self, rule: str) -> None:
        """Say which check comes next."""


def review(rule: Rule, name: str, files: dict[str, str], folder: Path) -> list[tuple[str, int]]:
    """Review the files of an example of this name below a folder; return path and line of what is found."""
    for path, text in files.items():
        beside = path.startswith(EARLIER) or path == DESIGN
        place = (folder.parent / path) if beside else folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    configuration = folder.parent / "own.toml"
    configuration.write_text(f'skills = ["{OWN}"]\n' if rule.id.startswith("ACME") else "")
    applies = rule.applies_to
    request = Request(
        kind=next((kind for kind in applies.kinds if name.startswith(kind)), (*applies.kinds, "plugin")[0]),
        ecosystem=next((one for one in ECOSYSTEMS if name.startswith(f"{one}-")), (*applies.ecosystems, "generic")[0]),
        select=(rule.id,),
        strictness="auditor",
        today="2026-01-01",
        design=str(folder.parent / DESIGN) if (folder.parent / DESIGN).is_file() else "",
        against=EARLIER if any(path.startswith(EARLIER) for path in files) else "",
        against_path=str(folder.parent / EARLIER) if (folder.parent / EARLIER).is_dir() else "",
    )
    (job,) = jobs_of(Plan((str(folder),), request, str(configuration), use_cache=False))
    root = RootReview(job, Quiet())
    results = {(unit.subject, unit.path): root.look(unit.subject, unit.path) for unit in root.units}
    found: list[tuple[str, int]] = []
    for reviewed in root.finish(results).reviewed:
        assert reviewed.review.errors == ()
        findings = [one for one in reviewed.review.findings if one.suppressed is None]
        found += [(one.location.path, one.location.line) for one in findings]
    return sorted(found)

"""Everything that a subject can try at once changes nothing in the verdict of a review that does not trust it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from case import BAIT, plugin

TRICKS = {
    "reviewer.toml": 'ignore = ["SEC"]\nfail-on = "none"\nexclude = ["**"]\nbaseline = "known.json"\nskills = ["skills"]\n',
    "pyproject.toml": '[tool.reviewer]\nfail-on = "none"\n',
    "known.json": '{"schema": "reviewer/baseline/1", "findings": []}',
    ".reviewer/signoff.toml": '[[waiver]]\nrule = "SEC048"\nreason = "x"\nowner = "x"\nuntil = "2999-01-01"\n',
    ".gitignore": "*\n",
    "skills/evil/SKILL.md": "---\nname: evil\ndescription: evil\n---\n",
}
SILENCED = BAIT.replace("{ eval", "{ // reviewer: ignore[SEC048] known\n  // reviewer: ignore[SEC048] known\n  eval")


def judged(report: dict) -> list[tuple[str, str, str, str]]:
    return [
        (finding["rule"], finding["severity"], finding["path"], str(finding["suppressed"]))
        for review in report["reviews"]
        for finding in review["findings"]
        if finding["path"] == "a.js"
    ]


def test_nothing_inside_the_subject_changes_the_verdict_and_all_of_it_is_listed(program, place):
    bare = plugin(place / "bare", SILENCED.replace("reviewer:", "somebody:"))
    tricky = plugin(place / "tricky", SILENCED)
    for name, text in TRICKS.items():
        path = tricky / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    plain = program("review", "--untrusted", "--format", "json", str(bare))
    tried = program("review", "--untrusted", "--format", "json", str(tricky))
    assert (plain.code, tried.code) == (1, 1)
    assert judged(tried.report) == judged(plain.report)
    assert ("SEC048", "critical", "a.js", "None") in judged(tried.report) or (
        "SEC048",
        "high",
        "a.js",
        "None",
    ) in judged(tried.report)
    review = next(one for one in tried.report["reviews"] if one["subject"]["manifest"] == "plugin.json")
    ignored = "\n".join(review["ignored"])
    assert "reviewer.toml" in ignored
    assert "pyproject.toml" in ignored
    assert ignored.count("a comment that silences SEC048") == 2
    assert tried.report["gate"]["threshold"] == "high"


def test_trusted_the_same_subject_may_configure_its_review(program, place):
    made = plugin(place / "p", BAIT)
    (made / "reviewer.toml").write_text('fail-on = "none"\n')
    assert program("review", str(made)).code == 0
    assert program("review", "--untrusted", str(made)).code == 1


def test_modules_beside_the_caller_are_not_imported(place):
    made = plugin(place / "p", BAIT)
    canary = place / "canary"
    for name in ("json.py", "yaml.py", "sitecustomize.py", "tomllib.py", "argparse.py"):
        (made / name).write_text(f"open({str(canary)!r}, 'w').close()\n")
    script = Path(sys.executable).with_name("reviewer")
    done = subprocess.run([script, "review", ".", "--no-cache"], cwd=made, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert not canary.exists()

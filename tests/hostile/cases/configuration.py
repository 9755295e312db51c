"""Subjects that try to switch checks off, or to have code of theirs run; reviewed as untrusted."""

from __future__ import annotations

from pathlib import Path

from case import BAIT, BAIT_RULE, FINDINGS, Builder, case, plugin

GROUP = "configuration"
CANARY = "canary"
"""The name of the file that code of a subject would write if it ran."""


def configured(name: str, text: str) -> Builder:
    """Return a builder of a flawed plugin with this file."""

    def build(folder: Path) -> Path:
        made = plugin(folder / "p", BAIT)
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return made

    return build


LISTED = {
    "a configuration that leaves all rules out": ('ignore = ["SEC", "FUN", "API", "LIF", "COM", "REG", "PAT"]\n'),
    "a configuration that excludes all files": 'exclude = ["**"]\n',
    "a configuration that never fails": 'fail-on = "none"\n',
    "a configuration that asks one harmless expert": 'experts = ["patterns"]\n',
    "a configuration that calls everything mild": '[severity]\nSEC048 = "info"\n',
    "a configuration that silences a path": '[[per-path-ignores]]\npath = "**"\nrules = ["SEC048"]\nreason = "x"\n',
    "a configuration that names a baseline": 'baseline = "known.json"\n',
    "a configuration that is broken": "experts = [\n",
    "a configuration with unknown keys": 'no-such-key = "x"\nplugins = ["evil"]\n',
    "a configuration that is binary": "\x00\x01\x02\n",
}
for title, toml in LISTED.items():
    case(GROUP, title, FINDINGS, BAIT_RULE, says="reviewer.toml")(configured("reviewer.toml", toml))

case(GROUP, "a project file that configures the review", FINDINGS, BAIT_RULE, says="pyproject.toml")(
    configured("pyproject.toml", '[tool.reviewer]\nfail-on = "none"\nexclude = ["**"]\n')
)
case(GROUP, "a comment that silences the rule", FINDINGS, BAIT_RULE, says="a comment that silences SEC048")(
    lambda folder: plugin(
        folder / "p", BAIT.replace("eval(", "/* x */ eval(").replace("; };", "; }; // reviewer: ignore[SEC048] fine")
    )
)


@case(GROUP, "a configuration that is a link out", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p", BAIT)
    (folder / "outside.toml").write_text('fail-on = "none"\n')
    (made / "reviewer.toml").symlink_to("../outside.toml")
    return made


@case(GROUP, "a configuration of two megabytes", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    return configured("reviewer.toml", "# " + "x" * 2_000_000)(folder)


@case(GROUP, "a configuration in a folder of the subject", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    inner = plugin(made / "inner", BAIT)
    (inner / "reviewer.toml").write_text('ignore = ["SEC"]\n')
    return made


def planted(*names: str) -> Builder:
    """Return a builder of a flawed plugin with Python files that write a canary when anything imports or runs them."""

    def build(folder: Path) -> Path:
        made = plugin(folder / "p", BAIT)
        code = f"open({str(folder / CANARY)!r}, 'w').close()\n"
        for name in names:
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(code)
        return made

    return build


case(GROUP, "files that Python runs by itself", FINDINGS, BAIT_RULE)(
    planted("sitecustomize.py", "usercustomize.py", "conftest.py", "setup.py", "noxfile.py")
)
case(GROUP, "modules with the names of ours", FINDINGS, BAIT_RULE)(
    planted(
        "reviewer/__init__.py",
        "reviewer/__main__.py",
        "json.py",
        "yaml.py",
        "re2.py",
        "tree_sitter.py",
        "encodings/__init__.py",
    )
)


@case(GROUP, "rules of its own with a check in Python", FINDINGS, BAIT_RULE, says="reviewer.toml")
def _(folder: Path) -> Path:
    made = planted("skills/evil/checks/evil.py")(folder)
    (made / "reviewer.toml").write_text('skills = ["skills"]\n')
    rules = made / "skills" / "evil" / "rules"
    rules.mkdir(parents=True)
    (rules / "EVIL001-evil.md").write_text("+++\nid = 'EVIL001'\n+++\n")
    return made


@case(GROUP, "a repository whose configuration runs a program", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p", BAIT)
    program = folder / "program.sh"
    program.write_text(f"#!/bin/sh\ntouch {folder / CANARY}\n")
    program.chmod(0o755)
    git = made / ".git"
    (git / "objects").mkdir(parents=True)
    (git / "refs").mkdir()
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "config").write_text(
        f"[core]\n\tfsmonitor = {program}\n\tsshCommand = {program}\n[diff]\n\texternal = {program}\n"
    )
    (made / ".gitattributes").write_text("* filter=evil diff=evil\n")
    return made


@case(GROUP, "lists of files that other tools pass over", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p", BAIT)
    for name in (".gitignore", ".npmignore", ".semgrepignore", ".eslintignore", ".reviewerignore", ".dockerignore"):
        (made / name).write_text("*\n")
    (made / ".bandit").write_text("[bandit]\nskips = *\n")
    (made / "ruff.toml").write_text('lint.ignore = ["ALL"]\nextend = "/etc/passwd"\n')
    return made


@case(GROUP, "answers and waivers that the subject gave itself", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p", BAIT)
    kept = made / ".reviewer"
    kept.mkdir()
    (kept / "signoff.toml").write_text(
        '[[waiver]]\nrule = "SEC048"\npath = "a.js"\nreason = "x"\nowner = "x"\nuntil = "2999-01-01"\n'
    )
    (kept / "baseline.json").write_text('{"schema": "reviewer/baseline/1", "findings": []}')
    return made

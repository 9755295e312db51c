"""Completion works in the shells themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def script(shell: str) -> str:
    """Return the script for a shell."""
    done = subprocess.run(
        [sys.executable, "-m", "reviewer", "completion", shell], capture_output=True, text=True, check=True
    )
    return done.stdout


def ask(folder: Path, *words: str) -> list[str]:
    """Run a shell in an empty home and return its lines."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "TERM": "dumb"}
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=environment, cwd=folder)
    return done.stdout.split("\n")


@pytest.mark.parametrize(
    ("line", "found", "other"),
    [
        (["re"], "review", "rules"),
        (["review", "--bas"], "--baseline", "--format"),
        (["review", "--format", "sa"], "sarif", "json"),
        (["/review", "--fail-on", "cr"], "critical", "low"),
        (["completion", "fi"], "fish", "zsh"),
    ],
)
def test_bash_completes_commands_options_and_values(tmp_path: Path, line: list[str], found: str, other: str):
    (tmp_path / "script").write_text(script("bash"))
    words = " ".join(f"'{word}'" for word in ["reviewer", *line])
    program = (
        f'source ./script; COMP_WORDS=({words}); COMP_CWORD={len(line)}; _reviewer; printf "%s\\n" "${{COMPREPLY[@]}}"'
    )
    answers = ask(tmp_path, "bash", "--norc", "-c", program)
    assert found in answers
    assert other not in answers


@pytest.mark.needs("fish")
def test_fish_completes_commands_options_and_values(tmp_path: Path):
    (tmp_path / "script").write_text(script("fish"))

    def complete(line: str) -> list[str]:
        answers = ask(tmp_path, "fish", "--no-config", "-c", f"source ./script; complete -C'{line}'")
        return [answer.split("\t")[0] for answer in answers]

    assert "review" in complete("reviewer re")
    assert "--baseline" in complete("reviewer review --bas")
    assert complete("reviewer review --format sa")[0] == "sarif"
    assert "zsh" in complete("reviewer completion z")


@pytest.mark.needs("zsh")
def test_zsh_takes_the_script_and_completes_from_it(tmp_path: Path):
    (tmp_path / "_reviewer").write_text(script("zsh"))
    program = (
        "autoload -Uz compinit && compinit -u -D && source ./_reviewer && print ${_comps[reviewer]}; "
        "compadd() { print -l -- ${(P)@[-1]} $@ }; _describe() { print -l -- ${commands[@]} }; "
        "words=(reviewer re); CURRENT=2; _reviewer; "
        "_arguments() { print -l -- $@ }; words=(reviewer /review --format s); CURRENT=4; _reviewer"
    )
    answers = ask(tmp_path, "zsh", "-f", "-c", program)
    assert answers[0] == "_reviewer"
    assert any(line.startswith("review:") for line in answers)
    assert any(line.startswith("--format[") and "sarif" in line for line in answers)


def test_a_shell_that_there_is_no_script_for_names_the_others():
    done = subprocess.run(
        [sys.executable, "-m", "reviewer", "completion", "powershell"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "expected one of bash, zsh, fish" in done.stderr

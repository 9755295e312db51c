"""Folders with links, devices, names and depths that readers stumble over."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from case import BAIT, BAIT_RULE, FINDINGS, INCOMPLETE, PASSED, case, plugin

GROUP = "paths"


@case(GROUP, "a link to a file of the system", INCOMPLETE, says="link out of the folder")
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    (made / "b.js").symlink_to("/etc/passwd")
    return made


@case(GROUP, "a link to a folder of the system", PASSED, says="link out of the folder")
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    (made / "etc").symlink_to("/etc")
    return made


@case(GROUP, "a link that climbs to a secret beside the subject", INCOMPLETE, says="link out of the folder")
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    (folder / "secret.js").write_text("eval(window.SECRET_OF_THE_NEIGHBOUR);")
    (made / "b.js").symlink_to("../secret.js")
    return made


@case(GROUP, "two links in a ring", PASSED)
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    (made / "x.js").symlink_to("y.js")
    (made / "y.js").symlink_to("x.js")
    return made


@case(GROUP, "a folder linked into itself", PASSED)
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    (made / "loop").symlink_to(".")
    return made


@case(GROUP, "a link to nothing", PASSED)
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    (made / "b.js").symlink_to("nowhere.js")
    return made


@case(GROUP, "the manifest is a link out", PASSED, says="link out of the folder")
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    (folder / "other.json").write_text('{"id": "com.stolen.identity", "name": "S", "version": "1.0.0"}')
    (made / "plugin.json").unlink()
    (made / "plugin.json").symlink_to("../other.json")
    return made


@case(GROUP, "a pipe that nobody writes to", INCOMPLETE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    os.mkfifo(made / "b.js")
    return made


@case(GROUP, "a socket with the name of a source file", INCOMPLETE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    here = Path.cwd()
    os.chdir(made)  # the name of a socket may have a hundred bytes
    try:
        with socket.socket(socket.AF_UNIX) as made_for_it:
            made_for_it.bind("b.js")
    finally:
        os.chdir(here)
    return made


@case(GROUP, "a link to a device that never ends", INCOMPLETE, says="link out of the folder")
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    (made / "b.js").symlink_to("/dev/zero")
    return made


@case(GROUP, "a file of a terabyte without content", INCOMPLETE, says="larger than")
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    with (made / "b.js").open("wb") as file:
        file.truncate(10**12)
    return made


@case(GROUP, "the flaw lies below forty folders", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    deep = made.joinpath(*["d"] * 38)
    deep.mkdir(parents=True)
    (deep / "b.js").write_text(BAIT)
    return made


@case(GROUP, "folders nested deeper than anybody needs", INCOMPLETE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    here = os.open(made, os.O_RDONLY)
    for _ in range(900):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(os.open("b.js", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
    return made


@case(GROUP, "a name of 255 bytes", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    (made / ("b" * 252 + ".js")).write_text(BAIT)
    return made


@case(GROUP, "a name with a line feed and a workflow command", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    (made / "b\n::error::owned.js").write_text(BAIT)
    return made


@case(GROUP, "a name with terminal escapes", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    (made / "b\x1b[2J\x1b]0;owned\x07.js").write_text(BAIT)
    return made


@case(GROUP, "a name that runs from right to left", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    (made / "gnp.\u202esj.js").write_text(BAIT)
    return made


@case(GROUP, "a name that is no text", INCOMPLETE, says="its name is not UTF-8")
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    Path(os.fsdecode(os.fsencode(made) + b"/b\xff\xfe.js")).write_text(BAIT)
    return made


@case(GROUP, "a name that looks like climbing", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    (made / "..b..js").write_text(BAIT)
    return made


@case(GROUP, "a name with markup and a template", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    (made / "<img src=x onerror=alert(1)>{{ 7*7 }}${{ github.token }}.js").write_text(BAIT)
    return made


@case(GROUP, "two names that differ by case alone", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p", BAIT)
    (made / "A.js").write_text("exports.harmless = 1;\n")
    return made


@case(GROUP, "two names that differ by their Unicode form alone", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    (made / "caf\u00e9.js").write_text("exports.harmless = 1;\n")
    (made / "cafe\u0301.js").write_text(BAIT)
    return made


@case(GROUP, "more files than a review takes", INCOMPLETE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    many = made / "many"
    many.mkdir()
    here = os.open(many, os.O_RDONLY)
    for number in range(20_001):
        os.close(os.open(f"{number}.txt", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
    return made


@case(GROUP, "a folder with the name of a source file", PASSED)
def _(folder: Path) -> Path:
    made = plugin(folder / "p")
    (made / "b.js").mkdir()
    return made


@case(GROUP, "a folder with the name of the manifest", FINDINGS, BAIT_RULE)
def _(folder: Path) -> Path:
    made = plugin(folder / "p", BAIT)
    (made / "plugin.json").unlink()
    (made / "plugin.json").mkdir()
    return made

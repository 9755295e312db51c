"""The starter as somebody would build it: strict compilers are content, and its tests pass."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.blueprint.decide import decide
from reviewer.blueprint.reading import load_design
from reviewer.design.merging.writing import write_all

HERE = Path(__file__).resolve()
EXAMPLES = sorted((HERE.parents[3] / "examples" / "designs").glob("*.yaml"))
sys.path.insert(0, str(HERE.parents[1]))
sys.path.insert(0, str(HERE.parent))
from designs import BUILT, CHANCES, random_design  # noqa: E402 - a module of the tests beside these
from test_artefacts import files_of, own  # noqa: E402 - likewise

PINNED = ("typescript@5.9.3", "@types/node@20.19.25", "quickjs-emscripten@0.31.0")


def with_starter(language: str) -> list[str]:
    """Return the designs made by chance that have a starter in a language, before a release; none in the gate."""
    if len(BUILT) < CHANCES:
        return []
    folder = f"starter/{language}/"
    made = {seed: files_of(decide(random_design(seed))) for seed in BUILT}
    return [f"random-{seed}" for seed, files in made.items() if any(path.startswith(folder) for path in files)]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the starters of the worked examples, of one trusted design and of some random ones."""
    root = tmp_path_factory.mktemp("starters")
    for example in EXAMPLES:
        write_all(files_of(decide(load_design(example)[0])), root / example.stem)
    write_all(own(languages=["typescript"]), root / "own")
    for seed in BUILT:
        write_all(files_of(decide(random_design(seed))), root / f"random-{seed}")
    return root


@pytest.fixture(scope="module")
def node(built: Path) -> Path:
    """Install the compiler, the types of Node and the engine beside the starters, at exact versions."""
    done = subprocess.run(
        ["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", *PINNED],
        cwd=built, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        pytest.skip(f"npm did not deliver the compiler: {done.stderr.strip()[-300:]}")
    return built


def compiler(node: Path, project: str, folder: Path) -> None:
    done = subprocess.run(
        [node / "node_modules/.bin/tsc", "-p", project, "--pretty", "false"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[:4000]


@pytest.mark.needs("npm")
def test_all_starters_in_typescript_compile_strictly(node: Path) -> None:
    options = json.loads((node / "ide/starter/typescript/host/tsconfig.json").read_text(encoding="utf-8"))
    options["compilerOptions"] |= {"noEmit": True}
    options["include"] = ["*/starter/typescript/*/src", "*/starter/typescript/*/test", "*/interfaces/typescript"]
    (node / "tsconfig.json").write_text(json.dumps(options), encoding="utf-8")
    (node / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
    assert options["compilerOptions"]["strict"] is True
    compiler(node, ".", node)


@pytest.mark.needs("npm")
@pytest.mark.parametrize("name", ["own", "ide", *with_starter("typescript")])
def test_the_tests_of_a_starter_in_typescript_pass(node: Path, name: str) -> None:
    starter = node / name / "starter/typescript"
    compiler(node, ".", starter / "plugin")
    compiler(node, "test", starter / "plugin")
    compiler(node, ".", starter / "host")
    for folder, built in ((starter / "plugin", "test/dist/test"), (starter / "host", "dist/test")):
        tests = sorted(str(path) for path in (folder / built).glob("*.test.js"))
        done = subprocess.run(
            ["node", "--test", *tests], cwd=folder, capture_output=True, text=True, check=False, timeout=170
        )
        assert done.returncode == 0, "not ok".join(["", *done.stdout.split("\nnot ok")[1:]])[:4000]


@pytest.mark.needs("npm")
def test_strangers_code_in_the_engine_has_no_way_to_the_machine(node: Path) -> None:
    host = node / "game-mods/starter/typescript/host"
    compiler(node, ".", node / "game-mods/starter/typescript/plugin")
    compiler(node, ".", host)
    done = subprocess.run(
        ["node", "--test", "--test-name-pattern", "no way to the machine", "dist/test/integration.test.js"],
        cwd=host, capture_output=True, text=True, check=False, timeout=170,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
    assert "- the engine has no way to the machine" in done.stdout
    assert "# pass 1\n" in done.stdout


def test_all_starters_in_python_satisfy_strict_types(built: Path) -> None:
    packages = sorted(str(path) for path in built.glob("*/starter/python/*/*_*") if (path / "__init__.py").is_file())
    assert len(packages) >= 16
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, "--no-error-summary", *packages]
    done = subprocess.run(command, cwd=built, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[:4000]


@pytest.mark.parametrize("name", ["own", "saas-marketplace", *with_starter("python")])
@pytest.mark.parametrize("part", ["plugin", "host"])
def test_the_tests_of_a_starter_in_python_pass(built: Path, name: str, part: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-c", "pyproject.toml", "-p", "no:cacheprovider"]
    command += ["-p", "no:asyncio", "-p", "no:xdist", "-p", "no:randomly"]
    folder = built / name / "starter/python" / part
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=170)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]

"""The wheel owns one name, carries the data, and works where it is installed."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
        text=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.needs("pip")
def test_the_wheel_owns_one_top_level_name(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/", 1)[0] for name in names if ".dist-info/" not in name} == {"reviewer"}


@pytest.mark.needs("pip")
def test_the_wheel_carries_the_data_trees(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for part in ("agents/security.md", "skills/security/SKILL.md", "skills/ecosystems/generic/profile.toml"):
        assert f"reviewer/_data/{part}" in names


@pytest.mark.needs("pip")
def test_the_installed_wheel_reviews_an_example(wheel, tmp_path):
    target = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(wheel)],
        check=True,
        capture_output=True,
        text=True,
    )
    done = subprocess.run(
        [sys.executable, "-m", "reviewer", "review", str(ROOT / "examples" / "good-ts"), "--no-cache"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(target), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

"""Checks in Python from a person's own folders of skills: ``<folder>/<skill>/checks/<name>.py``."""

from __future__ import annotations

import hashlib
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UsageError
from reviewer.experts.check import registered_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.experts.check import Registered

FOLDER: Final = "checks"
_MOST: Final = 500


def own_checks(folders: Iterable[str], rules: Iterable[str]) -> Iterator[Registered]:
    """Yield the checks that the folders hold for these rules; raises `UsageError` for one that can't be imported.

    This runs what is in the folders: the caller sees to it that they are a person's own.
    """
    wanted = sorted(set(rules))
    for folder in folders:
        for path in sorted(Path(folder).glob(f"*/{FOLDER}/*.py"))[:_MOST]:
            module = _imported(path)
            for rule in wanted:
                yield from registered_by(rule, module)


def _imported(path: Path) -> str:
    """Import a file under a name of its own, once, and return the name."""
    name = f"reviewer_own_check_{hashlib.sha256(str(path).encode()).hexdigest()[:16]}"
    if name in sys.modules:
        return name
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{path}: can't be imported")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise UsageError(f"{path}: the check can't be imported: {type(error).__name__}: {error}") from error
    return name

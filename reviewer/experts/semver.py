"""Semantic versions and npm's ranges, from the library for them without its package's first lines.

Those ask for the number of their own release, which reads mail, archives and tables: as much as fifty checks.
"""

from __future__ import annotations

from importlib.machinery import PathFinder, SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from semantic_version import NpmSpec, Version

__all__ = ["NpmSpec", "Version"]


def _base() -> ModuleType:
    """Load the module of the library that holds the classes; raises `ImportError`."""
    package = PathFinder.find_spec("semantic_version")
    if package is None or package.origin is None:
        raise ImportError("semantic_version is not installed", name="semantic_version")
    name, path = "semantic_version.base", str(Path(package.origin).with_name("base.py"))
    spec = spec_from_file_location(name, path, loader=SourceFileLoader(name, path))
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} can't be loaded", name=name, path=path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if not TYPE_CHECKING:
    _loaded = _base()
    NpmSpec, Version = _loaded.NpmSpec, _loaded.Version

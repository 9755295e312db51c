"""Designs and reviews plugin systems without ever running them.

``reviewer.review(path)`` is the way in for programs; `reviewer.api` documents it. Nothing of it
is imported before it is asked for.
"""

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Return what `reviewer.api` offers under a name; raises AttributeError for anything else."""
    if not name.startswith("_"):
        from importlib import import_module, util

        if util.find_spec(f"{__name__}.{name}") is None:
            api = import_module(f"{__name__}.api")
            if name in api.__all__:
                return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

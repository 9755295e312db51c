"""The lowering of Python: tree-sitter-python's nodes become the normalised tree."""

from reviewer.code.python.definitions import PythonLowering

__all__ = ["PythonLowering"]

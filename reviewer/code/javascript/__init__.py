"""Lowering of JavaScript and TypeScript, JSX and TSX included, to the normalised tree."""

from __future__ import annotations

from reviewer.code.javascript.lowering import JavaScriptLowering

__all__ = ["JavaScriptLowering"]

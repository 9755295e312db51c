"""Parses source files with tree-sitter and does nothing else: the yardstick of the throughput benchmark.

Reads from standard input a JSON object: archive to the list of its files; prints bytes, CPU and wall seconds of
the parsing alone as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import tree_sitter_javascript
import tree_sitter_python
import tree_sitter_typescript
from inputs import language, sources
from tree_sitter import Language, Parser

PARSERS = {
    "javascript": Parser(Language(tree_sitter_javascript.language())),
    "typescript": Parser(Language(tree_sitter_typescript.language_typescript())),
    "tsx": Parser(Language(tree_sitter_typescript.language_tsx())),
    "python": Parser(Language(tree_sitter_python.language())),
}


def main() -> int:
    """Parse what standard input names."""
    wanted = {path: set(names) for path, names in json.load(sys.stdin).items()}
    files = [
        (PARSERS[language(name)], data)
        for path, names in wanted.items()
        for name, data in sources(Path(path))
        if name in names
    ]
    cpu, wall = time.process_time(), time.perf_counter()
    for parser, data in files:
        parser.parse(data)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    size = sum(len(data) for _, data in files)
    json.dump({"files": len(files), "bytes": size, "cpu": cpu, "wall": wall}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Writes the tables of a run into a folder, as JSON Lines or as Parquet."""

from __future__ import annotations

import json
import os
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Final

from reviewer.core.errors import UsageError
from reviewer.market.export.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from reviewer.market.export.tables import Table
    from reviewer.market.reading import MarketReader

_TOGETHER: Final = 10_000
"""Rows that are held at a time."""


def exporter(form: str) -> Callable[[MarketReader, int, Path], None]:
    """Return what exports a run into a folder: ``jsonl`` or ``parquet``; raises `UsageError` where a library misses."""
    if form == "parquet":
        try:
            import pyarrow.parquet  # noqa: F401 - said before the work, not after it
        except ImportError as error:
            raise UsageError(
                "--export-format parquet needs pyarrow\n  pip install 'plugin-reviewer[market]'"
            ) from error
    write = _parquet if form == "parquet" else _json_lines

    def export(reader: MarketReader, run: int, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for table in TABLES:
                _whole(folder / f"{table.name}.{form}", table, table.rows(reader, run), write)
        except OSError as error:
            raise UsageError(
                f"--export {folder}: can't be written: {(error.strerror or str(error)).lower()}"
            ) from error

    return export


def _whole(
    path: Path,
    table: Table,
    rows: Iterable[tuple[Any, ...]],
    write: Callable[[IO[bytes], Table, Iterable[tuple[Any, ...]]], None],
) -> None:
    """Write a file beside its place, and move it there once it is whole."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("xb") as stream:
            write(stream, table, rows)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _json_lines(stream: IO[bytes], table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
    names = [column.name for column in table.columns]
    for row in rows:
        line = json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=True, separators=(",", ":"))
        stream.write(line.encode("ascii") + b"\n")


def _parquet(stream: IO[bytes], table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    kinds = {"text": pa.string(), "number": pa.int64(), "truth": pa.bool_()}
    schema = pa.schema([pa.field(column.name, kinds[column.kind], nullable=False) for column in table.columns])
    left = iter(rows)
    with ParquetWriter(stream, schema, compression="zstd") as writer:
        while part := list(islice(left, _TOGETHER)):
            arrays = [
                pa.array(values, type=field.type) for values, field in zip(zip(*part, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))

"""Rows that are made rather than read, where many commands make them."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy.orm import class_mapper
from sqlmodel import SQLModel

Row = TypeVar("Row", bound=SQLModel)


def new_row(model: type[Row], **columns: Any) -> Row:
    """Give a row of these columns, all others empty, made the way a session makes what it reads.

    The class itself hands each column through four libraries: that takes longer than writing the
    row does. Its defaults are not filled in.
    """
    mapper = class_mapper(model)
    row: Row = mapper.class_manager.new_instance()
    row.__dict__.update(dict.fromkeys(mapper.columns.keys()), **columns)
    return row

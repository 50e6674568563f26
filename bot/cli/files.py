"""`import` and `export`: files in, files out."""

from __future__ import annotations

"""D4: text in spreadsheets never runs, and comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.safe_cells import as_safe, as_written


@pytest.mark.parametrize(
    "text", ["=1+1", "+49 30 1234 ext", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1"]
)
def test_d4_what_could_run_is_guarded(text: str) -> None:
    assert as_safe(text) == "'" + text


@pytest.mark.parametrize("text", ["Acme", "-5", "+5.5", "-1,200", "-3%", "'tis", "a=b", ""])
def test_d4_what_cannot_run_stays_as_it_is(text: str) -> None:
    assert as_safe(text) == text


@given(st.text(alphabet="'=+-@\t\rab1＝", max_size=8))
def test_d4_what_was_guarded_comes_back_as_it_was(text: str) -> None:
    safe = as_safe(text)
    assert as_written(safe) == text
    assert safe[:1] not in set("=@\t\r＝") or safe == ""

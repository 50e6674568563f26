"""Only Slack's own requests, and only fresh ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.signatures import is_genuine
from tests.bot.slack.conftest import signature

NOW = 1_772_463_600
BODY = b"command=%2Flost&text=Acme"


def test_a_signed_and_fresh_request_is_genuine() -> None:
    assert is_genuine("secret", BODY, str(NOW), signature(str(NOW), BODY, "secret"), NOW + 299)


@pytest.mark.parametrize(
    "timestamp",
    ["", "abc", "1e9", "-5", "²", "１２３", f" {NOW}", f"{NOW}.0", "9" * 400, "0",
     str(NOW - 301), str(NOW + 301)],
)  # fmt: skip
def test_a_time_that_is_wrong_in_any_way_is_refused(timestamp: str) -> None:
    signed = signature(timestamp, BODY, "secret")
    assert not is_genuine("secret", BODY, timestamp, signed, NOW)


@pytest.mark.parametrize("given_signature", ["", "v0=", "v0=00", "v1=" + "0" * 64, "é" * 67])
def test_a_signature_that_does_not_match_is_refused(given_signature: str) -> None:
    assert not is_genuine("secret", BODY, str(NOW), given_signature, NOW)


def test_without_a_secret_nothing_is_genuine() -> None:
    assert not is_genuine("", BODY, str(NOW), signature(str(NOW), BODY, ""), NOW)


@given(body=st.binary(), other=st.binary())
def test_a_signature_holds_for_its_body_alone(body: bytes, other: bytes) -> None:
    signed = signature(str(NOW), body, "secret")
    assert is_genuine("secret", other, str(NOW), signed, NOW) == (body == other)

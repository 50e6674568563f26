"""D1: text of the time before Unicode is read in the encoding in which it reads like words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.legacy_text import legacy_encoding


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Kunde;Grund\nMüller & Söhne;zu spät – „Ärger“\nL’Oréal;€5\n50m²;£7\n"),
        ("cp1252", "Client;Motif\nSociété Générale;Prix trop élevé\nSão João;Ações\n"),
        ("cp1252", "KUNDE;GRUND\nMÜLLER & SÖHNE;ÄRGER\n"),
        ("cp1250", "Klient;Powód\nŁódź Sp. z o.o.;350,00 zł\nGdańsk;późno\n"),
        ("mac_roman", "Kunde;Grund\rMüller;spät\rCafé;x\r"),
        ("cp850", "Kunde;Grund\nMüller & Söhne;zu spät\nWeiß GmbH;Preis\n"),
        ("cp1251", "Account,Reason\nРога и копыта,цена слишком высокая\n"),
        ("cp1253", "Account,Reason\nΕλληνική Εταιρεία,τιμή υψηλή\n"),
        ("cp932", "会社名,Reason\n株式会社アクメ,価格が高い\n東京電機,サービス\n"),
    ],
)
def test_d1_text_is_read_as_it_was_written(encoding: str, text: str) -> None:
    assert text.encode(encoding).decode(legacy_encoding(text.encode(encoding))) == text


@given(st.binary(max_size=200))
def test_d1_any_bytes_have_an_encoding(sample: bytes) -> None:
    assert sample.decode(legacy_encoding(sample), errors="replace") is not None

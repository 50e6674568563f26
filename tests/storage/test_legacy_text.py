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
        ("cp1250", "Firma;Důvod\nDvořák a syn;příliš drahé\nČerný;služby\nProcházka;cena\n"),
        ("cp1250", "Ügyfél;Ok\nSzőke Kft.;túl drága\nGyőri Művek;szolgáltatás\nKovács;ár\n"),
        ("cp1250", "Kupac;Razlog\nĐuro Đaković;usluga\nČačak;cijena viša\n"),
        ("cp1250", "Client;Motiv\nBucureşti Gaz;preţ\nIaşi SRL;întârziere\n"),
        ("iso8859_2", "Klient;Powód\nŚląsk;cena\nWąbrzeźno;późno\n"),
        ("cp1254", "Müşteri;Neden\nGüneş A.Ş.;fiyat yüksek\nİstanbul Gıda;ürün\n"),
        ("cp1254", "Firma;Neden\nŞahin;fiyat\nYılmaz Ltd. Şti.;hizmet\nDoğan;fiyat\n"),
        ("cp1257", "Klientas;Priežastis\nŠiaulių bankas;paslaugų kokybė\nKlaipėda;kaina\n"),
        ("cp1252", "Viðskiptavinur;Ástæða\nÞórður ehf.;of dýrt\nReykjavík;þjónusta\n"),
        ("cp1252", "Kunde;Grund\nMøller;García\nFrançois;forêt très gâtée\nSão João;ações\n"),
        ("cp1252", "Asiakas;Syy\nÄhtäri;hinta\nBjörk Guðmundsdóttir;Ångström\nTõnu Põllumäe;x\n"),
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

"""Written values of settings (S4): each kind, read or refused with the way to write it."""

from __future__ import annotations

import pytest

from domain.errors import Refused
from domain.rules import Rules, describe, read, spec_of, stored
from domain.setting_values import Value


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("currency", "eur", "EUR"),
        ("country", " fr ", "FR"),
        ("time_zone", "Europe/Paris", "Europe/Paris"),
        ("team_channel", "<#C0SALES|sales>", "C0SALES"),
        ("team_channel", "G0PRIVATE", "G0PRIVATE"),
        ("team_channel", "none", ""),
        ("team_channel", "", ""),
        ("leaderboard", "Yes", True),
        ("leaderboard", "off", False),
        ("leaderboard_weekday", "Fri", "friday"),
        ("leaderboard_time", "9:30", "09:30"),
        ("leaderboard_period", "Quarter", "quarter"),
        ("working_days", "wed mon", "monday,wednesday"),
        ("contact_days", "7", 7),
        ("bounty_fixed", "1e3", "1000"),
        ("bounty_cap", "0.50", "0.50"),
        ("bounty_percentage", "7.5 %", "7.5"),
        ("bounty_tiers", "Biggest 1.50", "biggest 1.5"),
        ("bounty_tiers", "none", ""),
        ("bounty_early", "", ""),
        ("bounty_early", "14 days 1.5", "14 days 1.5"),
        ("bounty_ends_on", "2026-12-31", "2026-12-31"),
        ("bounty_ends_on", "none", ""),
        ("policy", " We listen. ", "We listen."),
        ("campaign_name", " Spring  week ", "Spring week"),
        ("campaign_name", "none", ""),
        ("reasons", "none", ""),
    ],
)
def test_what_people_write_is_read(key: str, text: str, value: Value) -> None:
    assert read(key, text) == value
    assert getattr(stored({key: value}), key) == value


@pytest.mark.parametrize(
    ("key", "text", "says"),
    [
        ("currency", "dollars", "ISO code such as USD"),
        ("country", "France", "ISO code such as US"),
        ("time_zone", "Paris", "such as Europe/Paris"),
        ("team_channel", "#sales", "is a channel"),
        ("leaderboard", "maybe", "on or off"),
        ("leaderboard_weekday", "fr", "names a day"),
        ("leaderboard_weekday", "someday", "names a day"),
        ("leaderboard_time", "25:00", "time of day"),
        ("leaderboard_period", "year", "is one of: week, month, quarter"),
        ("working_days", " , ", "names days"),
        ("contact_days", "0", "from 1 to 365"),
        ("contact_days", "1.5", "from 1 to 365"),
        ("contact_days", "-3", "from 1 to 365"),
        ("bounty_fixed", "-1", "not below zero"),
        ("bounty_fixed", "lots", "not below zero"),
        ("bounty_fixed", "NaN", "not below zero"),
        ("bounty_percentage", "101", "from 0 to 100"),
        ("bounty_percentage", "ten", "from 0 to 100"),
        ("bounty_tiers", "biggest", "is written like"),
        ("bounty_early", "soon", "is written like"),
        ("bounty_ends_on", "soon", "a day such as"),
        ("policy", "", "at most"),
        ("campaign_name", "x" * 61, "up to 60 characters"),
        ("reasons", "price", "One reason a line"),
        ("contact_dyas", "3", "Did you mean contact_days"),
        ("zzz", "3", "no setting called zzz"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_way_to_write_it(
    key: str, text: str, says: str
) -> None:
    with pytest.raises(Refused, match=says):
        read(key, text)


def test_every_default_is_a_value_that_could_be_written() -> None:
    for key, default, says in describe():
        written = str(default).lower() if isinstance(default, bool) else str(default)
        assert read(key, written) == default, key
        assert says == spec_of(key).says
        assert not says.endswith("."), key


def test_a_stored_setting_that_is_no_more_is_passed_over() -> None:
    assert stored({"contact_days": 5, "of_old": 1}) == Rules(contact_days=5)

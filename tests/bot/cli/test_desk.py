"""Team, settings and the deal, from a script (S3, S4, A1)."""

from __future__ import annotations

import pytest

from tests.bot.cli.conftest import ADA, BEN, GONE, MAX, OFFICE, Terminal, Workspace


@pytest.mark.parametrize("role", ["rep", "manager", "executive", "finance", "admin"])
def test_s3_people_are_taken_in_with_a_role(bot: Terminal, role: str) -> None:
    ran = bot("team", "add", ADA, BEN, "--role", role)
    assert (ran.code, ran.err) == (0, "")
    assert ran.text == f"Ada Fox is in as {role}\nBen Ruiz is in as {role}\n"
    listed = bot("team", "list").text.splitlines()
    assert [line.split("\t")[:3] for line in listed] == [
        [ADA, role, "Ada Fox"],
        [BEN, role, "Ben Ruiz"],
    ]


def test_s3_a_rep_is_what_one_is_by_default_and_a_role_can_change(bot: Terminal) -> None:
    assert bot("team", "add", ADA, "--json").data() == [{"name": "Ada Fox", "role": "rep"}]
    assert bot("team", "add", ADA, "--json").data() == [{"name": "Ada Fox", "role": "rep"}]
    bot("team", "add", ADA, "--role", "manager")
    [line] = bot("team", "list", "--json").data()
    assert (line["slack_id"], line["role"], line["name"]) == (ADA, "manager", "Ada Fox")
    assert line["time_zone"] == "America/New_York"


def test_s3_whoever_is_removed_is_out(bot: Terminal) -> None:
    bot("team", "add", ADA, BEN)
    assert bot("team", "remove", ADA, "--json").data() == [{"name": "Ada Fox", "role": "rep"}]
    assert [line["slack_id"] for line in bot("team", "list", "--json").data()] == [BEN]
    bot("team", "remove", ADA).says(1, ADA)


def test_s3_all_or_none_are_taken_in(bot: Terminal) -> None:
    bot("team", "add", ADA, "U0NOBODY").says(1, "U0NOBODY")
    assert bot("team", "list", "--json").data() == []


def test_s3_whoever_left_the_workspace_is_not_taken_in(bot: Terminal) -> None:
    bot("team", "add", GONE).says(1, "Gone Girl")


def test_s3_an_empty_team_is_an_empty_list(bot: Terminal) -> None:
    assert bot("team", "list").text == ""
    assert bot("team", "list", "--json").data() == []


def test_s4_settings_are_an_object_of_key_and_value(bot: Terminal) -> None:
    before = bot("settings", "--json").data()
    assert before["leaderboard"] is True
    assert before["contact_days"] == 3
    assert {key for key in before if "channel" in key} == {"team_channel", "leaderboard_channel"}
    lines = bot("settings").text.splitlines()
    assert "leaderboard=true" in lines
    assert all("=" in line or line.startswith(" ") for line in lines)


def test_s4_settings_are_set_together(bot: Terminal) -> None:
    ran = bot("settings", "leaderboard=false", f"team_channel={OFFICE}", "CONTACT_DAYS=5", "--json")
    after = ran.data()
    assert (after["leaderboard"], after["team_channel"], after["contact_days"]) == (
        False,
        OFFICE,
        5,
    )
    assert bot("settings", "--json").data() == after
    assert bot("settings", "leaderboard=true", "--json").data()["leaderboard"] is True


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("contact_days=soon", "contact_days"),
        ("leaderboard=maybe", "leaderboard"),
        ("shoe_size=42", "shoe_size"),
        ("contact_days", "KEY=VALUE"),
        ("contact_days=20", "order"),
        ("time_zone=Mars/Base", "time_zone"),
    ],
)
def test_s4_a_value_that_cannot_be_meant_changes_nothing(
    bot: Terminal, words: str, named: str
) -> None:
    before = bot("settings", "--json").data()
    bot("settings", "digest_time=08:00", words).says(2, named)
    assert bot("settings", "--json").data() == before


def test_s4_settings_go_into_a_file(bot: Terminal) -> None:
    assert bot("settings", "--json", "--out", "s.json").out == b""
    assert bot("team", "list", "--out", "t.txt").out == b""
    assert (bot.folder / "s.json").read_text().startswith("{")


def test_a1_a_preview_deals_nothing_and_the_deal_says_what_it_did(
    bot: Terminal, workspace: Workspace
) -> None:
    bot("team", "add", ADA, BEN)
    bot("team", "add", MAX, "--role", "manager")
    bot("import", bot.file("a.csv", "Account\nAcme\nBorealis\nCassiopeia\n"), "--as", "accounts")
    preview = bot("deal", "--preview", "--json").data()
    assert (preview["dealt"], preview["left"], len(preview["picks"])) == (0, [], 3)
    assert {pick["slack_id"] for pick in preview["picks"]} == {ADA, BEN}
    assert all(pick["account"] and pick["rep"] and pick["why"] for pick in preview["picks"])
    assert "3 would be dealt." in bot("deal", "--preview").text
    assert {row["State"] for row in bot("export", "drawer", "--json").data()} == {"code 99"}
    done = bot("deal", "--json").data()
    assert (done["dealt"], done["picks"]) == (3, preview["picks"])
    holders = {row["Account"]: row["Holder"] for row in bot("export", "drawer", "--json").data()}
    assert holders == {pick["account"]: pick["rep"] for pick in preview["picks"]}
    assert bot("deliver", "--json").data()["sent"] == 2
    assert "No sales pitch" in workspace.texts(ADA)[-1]
    assert bot("deal").text == "There is nothing to deal out now.\n"


def test_a5_what_nobody_can_take_stays_with_the_reason(bot: Terminal) -> None:
    bot("import", bot.file("a.csv", "Account\nAcme\n"), "--as", "accounts")
    done = bot("deal", "--json").data()
    assert (done["dealt"], done["picks"]) == (0, [])
    assert done["left"][0]["account"] == "Acme"
    assert done["left"][0]["why"]
    assert "Acme" in bot("deal", "--preview").text

"""One workspace or many: tokens, their keeping, and the pages of an installation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.fernet import Fernet

from bot.sandbox.faults import Fault
from bot.slack.edge import SlackEdge
from bot.slack.oauth import Installing
from domain.errors import Refused, SendFailed
from handlers.effects import Reply
from handlers.views.elements import say
from storage.database import Database
from tests.bot.slack.acts import COMMAND
from tests.bot.slack.conftest import BOT, House, opened
from tests.people import ADA, NOW, WORKSPACE


async def test_the_one_token_is_identified_at_the_start_and_never_written_down(
    house: House,
) -> None:
    async with house.database.reading(WORKSPACE) as work:
        workspace = await work.workspaces.get()
    assert workspace is not None
    assert (workspace.bot_user_id, workspace.name) == (BOT, "Acme Sales")
    assert workspace.bot_token == ""


async def test_a_bot_that_starts_without_slack_takes_up_where_it_was(house: House) -> None:
    house.sandbox.parts.faults.add(Fault("auth.test", "fail", times=9))
    edge = SlackEdge(house.edge._settings, house.database, lambda: NOW)
    edge.listen(house.scripted)
    await edge.start()
    assert edge.ready
    assert await edge.recall() == WORKSPACE
    await edge.stop()


async def test_a_new_bot_without_slack_waits_for_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.connection._BETWEEN_TRIES", 0.02)
    await house.edge._connection.installations.uninstall(WORKSPACE)
    house.sandbox.parts.faults.add(Fault("auth.test", "fail", times=3))
    edge = SlackEdge(house.edge._settings, house.database, lambda: NOW)
    await edge.start(listening=False)
    assert not edge.ready
    await house.until(lambda: edge.ready)
    await edge.stop()
    assert not edge.ready


async def test_a_wrong_token_is_a_clear_refusal(house: House) -> None:
    wrong = replace(house.edge._settings, slack_bot_token="xoxb-wrong")
    edge = SlackEdge(wrong, house.database, lambda: NOW)
    with pytest.raises(Refused, match="SLACK_BOT_TOKEN: Slack does not accept"):
        await edge.start()
    await edge.stop()


async def test_nobody_listens_before_they_are_told_to(house: House) -> None:
    edge = SlackEdge(house.edge._settings, house.database, lambda: NOW)
    with pytest.raises(RuntimeError, match="listen"):
        edge.routes()


async def test_a_workspace_installs_itself_and_its_token_is_encrypted(database: Database) -> None:
    """S5"""
    async with opened(database, many=True) as house:
        house.scripted.answer = [Reply(say("Written down."))]
        assert "do not know this workspace" in (await house.form(COMMAND))[1]
        page = await consent(house)
        assert "Lost &amp; Found is in Acme Sales" in page

        assert "Written down." in (await house.form(COMMAND))[1]
        async with database.reading(WORKSPACE) as work:
            workspace = await work.workspaces.get()
        assert workspace is not None
        assert workspace.bot_token
        assert "xoxb" not in workspace.bot_token
        profile = await house.edge.directory.profile(WORKSPACE, ADA)
        assert profile is not None


async def test_a_token_is_of_no_use_under_another_key(database: Database) -> None:
    async with opened(database, many=True) as house:
        await consent(house)
        other = replace(house.edge._settings, token_encryption_key=Fernet.generate_key().decode())
        edge = SlackEdge(other, database, lambda: NOW)
        with pytest.raises(SendFailed, match="cannot be read"):
            await edge._connection.installations.token(WORKSPACE)


async def test_an_installation_that_began_elsewhere_is_refused(database: Database) -> None:
    async with opened(database, many=True) as house:
        url = f"{house.url}/slack/oauth_redirect"
        for state in ("", "a", "a.b.c", "a.1.c", "é.1.é", f"a.{'9' * 30}.c"):
            async with house.session.get(url, params={"code": "1", "state": state}) as answer:
                assert answer.status == 400
                assert "start anew" in await answer.text()
        back = await leave(house)
        house.session.cookie_jar.clear()
        async with house.session.get(back) as answer:
            assert answer.status == 400


async def test_an_installation_that_took_too_long_is_refused(database: Database) -> None:
    async with opened(database, many=True) as house:
        now = 1_000_000.0
        pages = Installing(house.edge._settings, house.edge._connection, lambda: now)
        state = f"nonce.{int(now)}.{pages._seal('nonce', int(now))}"
        assert pages._is_ours(state, "nonce")
        assert not pages._is_ours(state, "another")
        now += 601
        assert not pages._is_ours(state, "nonce")


async def test_who_says_no_and_a_slack_that_fails_are_answered(database: Database) -> None:
    async with opened(database, many=True) as house:
        refused = (await leave(house)).replace("code=", "error=access_denied&was=")
        async with house.session.get(refused) as answer:
            assert "Nothing was installed" in await answer.text()
        house.sandbox.parts.faults.add(Fault("oauth.v2.access", "fail"))
        async with house.session.get(await leave(house)) as answer:
            assert answer.status == 400
            assert "did not complete" in await answer.text()


async def test_an_installation_for_a_whole_organisation_is_refused(house: House) -> None:
    installations = house.edge._connection.installations
    with pytest.raises(Refused, match="into a workspace"):
        await installations.install({"is_enterprise_install": True, "team": None})
    with pytest.raises(Refused, match="TOKEN_ENCRYPTION_KEY"):
        await installations.install({"team": {"id": "T1"}})


async def test_with_one_token_there_is_nothing_to_install(house: House) -> None:
    for path in ("/slack/install", "/slack/oauth_redirect"):
        async with house.session.get(house.url + path) as answer:
            assert answer.status == 404


async def leave(house: House) -> str:
    """Set out for Slack, agree there, and give the address that Slack sends back to."""
    install = f"{house.url}/slack/install"
    async with house.session.get(install, allow_redirects=False) as answer:
        assert answer.status == 302
        away = answer.headers["Location"]
    asked = {k: v[0] for k, v in parse_qs(urlsplit(away).query).items()}
    where = away.partition("?")[0]
    async with house.session.post(where, data=asked, allow_redirects=False) as answer:
        assert answer.status == 302, await answer.text()
        return answer.headers["Location"]


async def consent(house: House) -> str:
    async with house.session.get(await leave(house)) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.text()


async def test_bolt_reads_nothing_from_the_environment(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Bolt would make itself a store of its own, in the home folder, from these."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SLACK_CLIENT_ID", "1000.2000")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "sandbox-client-secret")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-another")
    async with opened(database) as house:
        house.scripted.answer = [Reply(say("Written down."))]
        assert "Written down." in (await house.form(COMMAND))[1]
    assert list(tmp_path.rglob("*bolt*")) == []

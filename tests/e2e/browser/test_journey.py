"""The whole journey by clicking and typing: the real bot in its sandbox, in a real browser."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from bot.demo.running import Stage
from tests.e2e.browser.conftest import BEGINNING, Play
from tests.e2e.browser.pages import become, box, choose, last_answer, log, open_dm, say, scan

pytestmark = pytest.mark.asyncio(loop_scope="session")

WIN_BACKS, SALES = "C0WINBACKS", "C0SALES"
SAM, MAYA, DAN, LENA = "U0SAM", "U0MAYA", "U0DAN", "U0LENA"
DROP = """(target, [name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, {type: "text/csv"}));
  target.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true}));
}"""
LOSSES = """Account,Reason,Value,Last day
Tidal Yoga,Price,4200,2026-02-01
Moss & Stone,Neglect,much,2026-01-05
Lost Lighthouse,Service,9000,2026-02-30
"""


async def deal(page: Page) -> None:
    """Deal the drawer out as Maya, who acts on this page."""
    await say(page, "/lost deal")
    await log(page).get_by_role("button", name="Deal them out").click()
    await expect(last_answer(page)).to_contain_text("Each has a message with theirs.")


async def step(page: Page, done: int) -> None:
    """What the rail says is done so far."""
    rail = page.get_by_role("complementary", name="What to try")
    words = f"{done} of 10 done" if done < 10 else "All done"
    await expect(rail).to_contain_text(words)


async def try_it(page: Page, command: str) -> None:
    """Press a command in the rail and send what it wrote into the message box."""
    await (
        page.get_by_role("complementary", name="What to try")
        .get_by_role("button", name=command, exact=True)
        .click()
    )
    await expect(box(page)).to_have_value(command)
    await box(page).press("Enter")


async def test_a_newcomer_plays_the_ten_steps(play: Play) -> None:
    """L1 L2 D2 A1 W1 N1 W3 B2 B3 P1 P2 S1 S6."""
    page = await play.open(MAYA, WIN_BACKS)
    await step(page, 0)
    await become(page, "Sam Okafor")
    await try_it(page, "/lost help")
    await expect(last_answer(page)).to_contain_text("the accounts in my hands")
    await step(page, 1)

    await try_it(page, "/lost Acme Corp, price, went to Globex")
    await expect(last_answer(page)).to_contain_text("Acme Corp is written down")
    await expect(log(page)).to_contain_text("We lost Acme Corp as a customer.")
    await step(page, 2)

    await a_loss_is_logged_by_form(page)
    await step(page, 3)

    await become(page, "Maya Lindqvist")
    await try_it(page, "/lost drawer")
    await expect(last_answer(page)).to_contain_text("Code 99 drawer: 42 accounts")
    await step(page, 4)
    await deal(page)
    await step(page, 5)

    await become(page, "Sam Okafor")
    await open_dm(page)
    await expect(log(page)).to_contain_text("accounts to win back")
    await expect(log(page)).to_contain_text("No sales pitch.")
    await try_it(page, "/lost mine")
    account = await first_account(last_answer(page))
    await step(page, 6)

    await page.get_by_role("button", name="Next Monday 09:00").click()
    digest = log(page).get_by_role("article").filter(has_text="Your day, Monday 9 March")
    await expect(digest).to_contain_text(account)
    await step(page, 7)
    await the_digests_buttons_work(page, digest, account)
    await step(page, 8)

    await a_win_is_claimed(page, account)
    await step(page, 9)

    await become(page, "Maya Lindqvist")
    await open_dm(page)
    await log(page).get_by_role("button", name="Approve").click()
    await expect(log(page)).to_contain_text(f"{account}: approved")
    await step(page, 10)
    await the_board_shows_it(page)
    await home_knows_who_looks(page, account)


async def a_loss_is_logged_by_form(page: Page) -> None:
    """A mistake is shown at its field first, and nothing typed is lost by it."""
    await try_it(page, "/lost")
    form = page.get_by_role("dialog", name="A customer left")
    await choose(form, "Account", "Quince Kitchens", "New: Quince Kitchens")
    await choose(form, "Reason", "negl", "Neglect")
    value = form.get_by_role("textbox", name=re.compile("^Value"))
    await value.fill("quite a lot")
    await form.get_by_role("button", name="Log the loss").click()
    await expect(value).to_be_focused()
    await expect(form.get_by_text("is not an amount I can read")).to_be_in_viewport()
    await value.fill("12k")
    await form.get_by_role("button", name="Log the loss").click()
    await expect(form).to_be_hidden()
    await expect(log(page)).to_contain_text("We lost Quince Kitchens as a customer.")
    await expect(
        log(page).get_by_role("article").filter(has_text="Quince Kitchens is written down")
    ).to_contain_text("$12,000")


async def first_account(listed: Locator) -> str:
    """The account at the top of `/lost mine`."""
    await expect(listed).to_contain_text("in your hands")
    return await listed.locator("strong").first.inner_text()


async def the_digests_buttons_work(page: Page, digest: Locator, account: str) -> None:
    """Snooze asks until when; Log visit opens the form of that very account."""
    await digest.get_by_role("button", name="Snooze").last.click()
    form = page.get_by_role("dialog", name="Snooze")
    await form.get_by_label("Until").fill("2026-03-12")
    await form.get_by_role("button", name="Put it off").click()
    await expect(form).to_be_hidden()
    await expect(log(page)).to_contain_text("12 Mar")

    line = digest.get_by_text(account)
    buttons = digest.get_by_role("button", name="Log visit")
    await expect(line).to_be_attached()
    for at in range(await buttons.count()):
        await buttons.nth(at).click()
        form = page.get_by_role("dialog", name="Log a visit")
        await form.wait_for()
        if await form.get_by_text(account).count():
            break
        await page.keyboard.press("Escape")
        await expect(form).to_be_hidden()
    await form.get_by_role("textbox", name="Whom did you meet?").fill("The head of purchasing")
    await form.get_by_role("radio", name="Yes").check()
    await form.get_by_role("textbox", name="What did you hear?").fill("Nobody called for a year.")
    await choose(form, "Why did they really leave?", "negl", "Neglect")
    await form.get_by_role("button", name="Save the visit").click()
    await expect(form).to_be_hidden()
    await expect(log(page)).to_contain_text(f"{account}: the visit is written down.")


async def a_win_is_claimed(page: Page, account: str) -> None:
    await say(page, f"/found {account}")
    form = page.get_by_role("dialog", name="They came back")
    await form.get_by_role("radio", name=re.compile("back as a customer")).check()
    await form.get_by_role("textbox", name=re.compile("^Value won back")).fill("90000")
    await form.get_by_role("textbox", name=re.compile("^How was it won")).fill("By listening")
    await form.get_by_role("button", name="Claim it").click()
    await expect(form).to_be_hidden()
    await expect(log(page)).to_contain_text(f"{account} is back. Well done!")


async def the_board_shows_it(page: Page) -> None:
    """In private with its figures; posted, with the chart as well."""
    await try_it(page, "/lost board")
    table = last_answer(page).get_by_role("table")
    await expect(table).to_contain_text("Sam Okafor")
    await expect(table).to_contain_text("$90,000")
    await last_answer(page).get_by_role("button", name="Post it").click()
    await page.get_by_role("link", name=re.compile("^win-backs")).click()
    posted = log(page).get_by_role("article").filter(has_text="Leaderboard")
    await expect(posted.get_by_role("table")).to_contain_text("Sam Okafor")
    await expect(posted.get_by_role("img", name=re.compile("chart.*Sam Okafor"))).to_be_visible()


async def home_knows_who_looks(page: Page, account: str) -> None:
    await page.get_by_role("link", name="Lost & Found Home").click()
    main = page.get_by_role("main")
    await expect(main.get_by_role("heading", name="The desk")).to_be_visible()
    await become(page, "Sam Okafor")
    await page.get_by_role("link", name="Lost & Found Home").click()
    await expect(main.get_by_role("heading", name="My day")).to_be_visible()
    await expect(main).to_contain_text("$18,000")
    await expect(main.get_by_role("heading", name="The desk")).to_be_hidden()
    await expect(main).not_to_contain_text(account)


async def test_a_file_is_shown_imported_and_its_bad_rows_come_back(play: Play) -> None:
    """D1: nothing is written before the press, and what could not be read can be mended."""
    page = await play.open(MAYA, "D0MAYA")
    await page.get_by_role("main").evaluate(DROP, ["losses.csv", LOSSES])
    await box(page).press("Enter")
    preview = log(page).get_by_role("article").filter(has_text="Nothing is written yet")
    await expect(preview).to_contain_text("Tidal Yoga")
    await preview.get_by_role("button", name="Import", exact=True).click()
    await expect(log(page)).to_contain_text("losses.csv is in")

    async with page.expect_download() as started:
        await log(page).get_by_role("link", name=re.compile("Download losses.*rejects")).click()
    rejects = Path(await (await started.value).path()).read_text(encoding="utf-8-sig")
    heading, first, second = rejects.strip().splitlines()
    assert "Account" in heading
    assert first.startswith("3,")
    assert "Moss & Stone" in first
    assert second.startswith("4,")
    assert "Lost Lighthouse" in second

    await say(page, "/lost drawer")
    await expect(last_answer(page)).to_contain_text("Code 99 drawer: 41 accounts")
    await page.get_by_role("main").evaluate(
        DROP, ["mended.csv", rejects.replace("much", "7000").replace("2026-02-30", "2026-02-28")]
    )
    await box(page).press("Enter")
    mended = log(page).get_by_role("article").filter(has_text="mended.csv: 2 losses")
    await mended.get_by_role("button", name="Import", exact=True).click()
    await expect(log(page)).to_contain_text("mended.csv is in")
    await say(page, "/lost drawer")
    await expect(last_answer(page)).to_contain_text("Code 99 drawer: 43 accounts")


async def test_an_outsider_is_refused_kindly_and_learns_nothing(play: Play) -> None:
    """S3: the refusal is private and names who may."""
    page = await play.open(DAN, WIN_BACKS)
    for command in ("/lost drawer", "/lost mine", "/lost deal", "/found Sterling Freight"):
        await say(page, command)
        await expect(last_answer(page)).to_contain_text("ask a manager to add you")
    await expect(log(page)).not_to_contain_text("Sterling Freight")
    await page.get_by_role("link", name="Lost & Found Home").click()
    main = page.get_by_role("main")
    await expect(main.get_by_role("heading").nth(1)).to_be_visible()
    await expect(main).not_to_contain_text("The desk")
    maya = await play.open(MAYA, WIN_BACKS)
    await expect(maya.get_by_role("main")).not_to_contain_text("ask a manager")


async def test_two_people_in_two_browsers_meet_at_once(play: Play) -> None:
    """A1 W1: one deals, and it is there before the other at that moment."""
    sam = await play.open(SAM, WIN_BACKS)
    maya = await play.open(MAYA, SALES)
    await deal(maya)
    toast = sam.get_by_role("status").filter(has_text="accounts to win back")
    await toast.get_by_role("button", name="Open").click()
    await expect(
        sam.get_by_role("heading", name=re.compile("accounts to win back"))
    ).to_be_in_viewport()
    await say(sam, "/lost Acme Corp, price")
    await maya.get_by_role("link", name=re.compile("^win-backs.*1 unread")).click()
    await expect(log(maya)).to_contain_text("We lost Acme Corp")
    await expect(log(maya)).not_to_contain_text("is written down")


async def test_what_happens_while_the_bot_is_away_waits_for_it(play: Play) -> None:
    page = await play.open(MAYA, "D0MAYA")
    await play.stage.disconnect()
    away = page.get_by_role("status").filter(has_text="Lost & Found is away")
    await expect(away).to_be_visible()
    await page.get_by_role("main").evaluate(DROP, ["losses.csv", LOSSES])
    await box(page).press("Enter")
    await expect(away).to_contain_text("waits")
    await say(page, "/lost drawer")
    await expect(last_answer(page)).to_contain_text("/lost")
    await play.stage.connect()
    await expect(away).to_be_hidden()
    await expect(log(page)).to_contain_text("Nothing is written yet")
    await say(page, "/lost drawer")
    await expect(last_answer(page)).to_contain_text("Code 99 drawer: 40 accounts")


async def test_the_page_finds_its_sandbox_again(play: Play, tmp_path: Path) -> None:
    page = await play.open(SAM, SALES)
    await say(page, "/lost Acme Corp, price, went to Globex")
    await expect(last_answer(page)).to_contain_text("Acme Corp is written down")
    await box(page).fill("half a sentence")
    port = int(play.sandbox.address.rpartition(":")[2])
    await play.stage.stop()
    gone = page.get_by_role("status").filter(has_text="out of reach")
    await expect(gone).to_be_visible()
    play.stage = Stage(tmp_path, port=port)
    play.sandbox = play.stage.sandbox
    play.sandbox.clock.set_to(BEGINNING)
    await play.stage.start()
    await expect(gone).to_be_hidden()
    await expect(box(page)).to_have_value("half a sentence")
    await expect(log(page)).to_contain_text("Acme Corp is written down")
    await say(page, "/lost show Acme Corp")
    await expect(last_answer(page)).to_contain_text("Globex")
    play.complaints[:] = [said for said in play.complaints if "ERR_" not in said]


SCREENS: dict[str, Any] = {
    "desk-light": {},
    "phone-dark": {"color_scheme": "dark", "phone": True},
}


@pytest.mark.parametrize("how", SCREENS)
async def test_the_bots_own_screens_are_accessible(play: Play, axe_source: str, how: str) -> None:
    """S1: nothing serious in light, in dark and at phone's width, and nothing wider than that."""
    maya = await play.open(MAYA, SALES, **SCREENS[how])
    await say(maya, "/lost drawer")
    await expect(last_answer(maya)).to_contain_text("Code 99 drawer")
    await deal(maya)
    assert await scan(maya, axe_source) == []
    sam = await play.open(SAM, "D0SAM", **SCREENS[how])
    await expect(log(sam)).to_contain_text("accounts to win back")
    await log(sam).get_by_role("button", name="Log visit").first.click()
    form = sam.get_by_role("dialog", name="Log a visit")
    await form.get_by_role("button", name="Save the visit").click()
    await expect(form.get_by_role("alert").first).to_be_visible()
    assert await scan(sam, axe_source) == []
    await sam.keyboard.press("Escape")
    await sam.goto(f"{play.sandbox.address}/?as={SAM}&at=home")
    await expect(sam.get_by_role("heading", name="My accounts")).to_be_visible()
    assert await scan(sam, axe_source) == []
    assert await sam.evaluate(
        "document.documentElement.scrollWidth === document.documentElement.clientWidth"
    )

"""The sandbox's page in a real browser, by what a person sees: roles and names."""

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Page, expect

from tests.bot.sandbox.conftest import until
from tests.e2e.browser.conftest import World
from tests.e2e.browser.pages import box, choose, say, scan

LONDON = ZoneInfo("Europe/London")
pytestmark = pytest.mark.asyncio(loop_scope="session")


async def open_form(page: Page) -> Any:
    await say(page, "/lost")
    form = page.get_by_role("dialog", name="Log a loss")
    await form.wait_for()
    return form


async def test_a_message_is_shown_and_the_bot_answers_in_its_dm(world: World) -> None:
    page = await world.open(place="D0ADA")
    await say(page, "hello *you*")
    await expect(page.get_by_role("log")).to_contain_text("You said: hello you")
    await expect(page.locator("article", has_text="You said").get_by_text("App")).to_be_visible()


async def test_commands_complete_by_keyboard_and_answer_privately(world: World) -> None:
    page = await world.open()
    await box(page).press_sequentially("/lo")
    await expect(page.get_by_role("option", name=re.compile("lost"))).to_be_visible()
    await box(page).press("Tab")
    await expect(box(page)).to_have_value("/lost ")
    await box(page).press("ArrowDown")
    await box(page).press("ArrowDown")
    await box(page).press("Enter")
    await expect(box(page)).to_have_value("/lost show ACCOUNT")
    await box(page).press_sequentially("Acme")
    await expect(box(page)).to_have_value("/lost show Acme")
    await box(page).press("Enter")
    answer = page.get_by_role("article", name=re.compile("only visible to you"))
    await expect(answer).to_contain_text("Brightwater Foods goes into the drawer.")
    other = await world.open("U0BEN")
    await expect(other.get_by_role("heading", name="team")).to_be_visible()
    assert await other.get_by_text("goes into the drawer").count() == 0


async def test_a_silent_bot_is_told_of_in_a_private_note(world: World) -> None:
    page = await world.open()
    await say(page, "/lost silence")
    note = page.get_by_role("article", name=re.compile("only visible to you"))
    await expect(note).to_contain_text("operation_timeout")


async def test_an_unknown_command_is_refused_in_a_private_note(world: World) -> None:
    page = await world.open()
    await say(page, "/nonsense")
    await expect(page.get_by_role("log")).to_contain_text("is not a valid command")


async def test_a_form_insists_names_mistakes_and_is_sent(world: World) -> None:
    page = await world.open()
    form = await open_form(page)
    await form.get_by_role("button", name="Log it").click()
    account = form.get_by_role("combobox", name="Account")
    await expect(account).to_be_focused()
    await expect(account).to_have_attribute("aria-invalid", "true")
    await expect(form.get_by_role("alert").first).to_have_text("Choose one.")

    await choose(form, "Account", "bright", "Brightwater Foods")
    await choose(form, "Reason", "pri", "Price")
    await choose(form, "Who knew them", "ben", "Ben Okoro")
    await form.get_by_role("textbox", name="What happened").fill("Nobody called.")
    await form.get_by_role("textbox", name="Value a year").fill("13")
    await form.get_by_label("Last day").fill("2026-03-02")
    await form.get_by_role("radio", name="Neglect").check()
    await form.get_by_role("button", name="Log it").click()
    await expect(form.get_by_text("Nobody is worth 13.")).to_be_visible()
    await expect(form.get_by_role("textbox", name="Value a year")).to_be_focused()

    await form.get_by_role("textbox", name="Value a year").fill("48000")
    await form.get_by_role("button", name="Log it").click()
    await expect(form).to_be_hidden()
    values = world.heard[-1]["view"]["state"]["values"]
    assert values["account"]["value"]["selected_option"]["text"]["text"] == "Brightwater Foods"
    assert values["reason"]["value"]["selected_option"]["value"] == "price"
    assert values["story"]["value"]["value"] == "Nobody called."
    assert values["amount"]["value"]["value"] == "48000"
    assert values["day"]["value"]["selected_date"] == "2026-03-02"
    assert values["who"]["value"]["selected_users"] == ["U0BEN"]
    assert values["avoidable"]["value"]["selected_option"]["value"] == "neglect"
    toast = page.get_by_role("status").filter(has_text="Logged.")
    await toast.get_by_role("button", name="Open").click()
    await expect(page.get_by_role("log")).to_contain_text("Logged. Thank you.")


async def test_a_pushed_form_gives_way_to_what_was_typed_below(world: World) -> None:
    page = await world.open()
    form = await open_form(page)
    await form.get_by_role("textbox", name="What happened").fill("Half a story")
    await form.get_by_role("button", name="More…").click()
    upper = page.get_by_role("dialog", name="One more thing")
    await upper.get_by_role("textbox", name="Your note").fill("kept")
    await upper.get_by_role("button", name="Keep").click()
    await expect(form.get_by_role("textbox", name="What happened")).to_have_value("Half a story")
    await page.keyboard.press("Escape")
    await expect(form).to_be_hidden()
    await until(lambda: world.heard[-1]["type"] == "view_closed")


async def test_a_form_takes_files(world: World) -> None:
    page = await world.open()
    form = await open_form(page)
    letter = {"name": "letter.txt", "mimeType": "text/plain", "buffer": b"Dear all"}
    await form.get_by_label("Their letter").set_input_files([letter])
    await expect(form.get_by_text("letter.txt")).to_be_visible()
    await choose(form, "Account", "nordic", "Nordic Paper")
    await choose(form, "Reason", "gap", "Product gap")
    await form.get_by_role("textbox", name="Value a year").fill("1")
    await form.get_by_role("radio", name="Price").check()
    await form.get_by_role("button", name="Log it").click()
    await expect(form).to_be_hidden()
    values = world.heard[-1]["view"]["state"]["values"]
    assert [f["name"] for f in values["letter"]["value"]["files"]] == ["letter.txt"]


async def test_a_confirmation_is_asked_before_the_bot_hears(world: World) -> None:
    page = await world.open()
    await say(page, "/lost Brightwater Foods, price")
    await page.get_by_role("button", name="Undo").click()
    question = page.get_by_role("dialog", name="Undo this loss?")
    await question.get_by_role("button", name="Keep it").click()
    await expect(question).to_be_hidden()
    assert [h for h in world.heard if h.get("type") == "block_actions"] == []
    await page.get_by_role("button", name="Undo").click()
    await question.get_by_role("button", name="Undo it").click()
    await expect(page.get_by_role("log")).to_contain_text("Taken back.")
    await expect(page.get_by_role("button", name="Undo")).to_be_hidden()


async def test_an_overflow_menu_works_by_keyboard(world: World) -> None:
    page = await world.open()
    await say(page, "/lost Brightwater Foods, price")
    await page.get_by_role("button", name="More actions").press("Enter")
    await expect(page.get_by_role("menuitem", name="Legal hold")).to_be_focused()
    await page.keyboard.press("Enter")
    await until(lambda: world.heard[-1].get("type") == "block_actions")
    assert world.heard[-1]["actions"][0]["selected_option"]["value"] == "legal_hold"


async def test_every_block_is_shown_and_text_stays_text(world: World) -> None:
    page = await world.open(place="D0ADA")
    await say(page, "/lost gallery")
    log = page.get_by_role("log")
    await expect(log.get_by_role("table").last).to_be_visible()
    await expect(log.get_by_role("heading", name="Your day")).to_be_visible()
    await expect(log.get_by_role("link", name="a link")).to_have_attribute(
        "href", "https://example.com/x"
    )
    await expect(log.get_by_text("@Ben Okoro")).to_be_visible()
    await expect(log.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    assert await log.get_by_role("link", name="trap").count() == 0
    await expect(log.get_by_role("img", name=re.compile("A map of the visit"))).to_be_visible()
    bars = log.get_by_role("img", name=re.compile("Why they leave. bar chart: Losses: Price 3"))
    await expect(bars).to_be_visible()
    await expect(log.get_by_role("img", name=re.compile("^Shares. Pie chart"))).to_be_visible()
    assert await log.get_by_text("cannot show").count() == 0


async def test_a_data_table_sorts_and_pages(world: World) -> None:
    page = await world.open(place="D0ADA")
    await say(page, "/lost gallery")
    table = page.get_by_role("table", name="The drawer")
    await expect(table.get_by_role("rowheader")).to_have_count(5)
    await table.get_by_role("button", name="Age").click()
    await table.get_by_role("button", name="Age").click()
    await expect(table.get_by_role("cell").first).to_have_text("6 days")
    await page.get_by_role("button", name="Next", exact=True).click()
    await expect(table.get_by_role("rowheader")).to_have_count(2)


async def test_choices_in_a_message_reach_the_bot(world: World) -> None:
    page = await world.open(place="D0ADA")
    await say(page, "/lost gallery")
    await choose(page, "Why did they leave?", "neg", "Neglect")
    await until(lambda: world.heard[-1].get("type") == "block_actions")
    assert world.heard[-1]["actions"][0]["selected_option"]["value"] == "neglect"
    await page.get_by_label("Snooze until").fill("2026-04-01")
    await until(lambda: world.heard[-1]["actions"][0].get("selected_date") == "2026-04-01")
    await page.get_by_role("button", name="Log visit").click()
    await until(lambda: world.heard[-1]["actions"][0].get("value") == "7")
    assert world.heard[-1]["state"]["values"]["why"]["reason"]["selected_option"]["value"]


async def test_app_home_opens_and_its_buttons_work(world: World) -> None:
    page = await world.open()
    await page.get_by_role("link", name="Home").click()
    await expect(page.get_by_role("heading", name="Good morning")).to_be_visible()
    await page.get_by_role("button", name="Refresh").click()
    await expect(page.get_by_role("heading", name="Fresh")).to_be_visible()


async def test_files_are_dropped_shown_and_downloaded(world: World) -> None:
    page = await world.open(place="D0ADA")
    drop = """(target) => {
      const data = new DataTransfer();
      data.items.add(new File(["Account\\nAcme\\n"], "drawer.csv", {type: "text/csv"}));
      target.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true}));
    }"""
    await page.get_by_role("main").evaluate(drop)
    await say(page, "our drawer")
    await expect(page.get_by_role("log")).to_contain_text("Read drawer.csv")
    async with page.expect_download() as started:
        await page.get_by_role("link", name="Download drawer.csv").click()
    download = await started.value
    assert (await download.path()).read_text() == "Account\nAcme\n"


async def test_two_tabs_are_two_people(world: World) -> None:
    ada = await world.open("U0ADA")
    ben = await ada.context.new_page()
    await ben.goto(f"{world.sandbox.address}/?as=U0BEN&at=C0TEAM")
    await expect(ben.get_by_role("button", name="Acting as Ben Okoro")).to_be_visible()
    await say(ada, "from Ada")
    await expect(ben.get_by_role("article", name=re.compile("Ada Quist"))).to_contain_text(
        "from Ada"
    )
    await say(ben, "from Ben")
    await expect(ada.get_by_role("log")).to_contain_text("from Ben")
    await ada.reload()
    await expect(ada.get_by_role("button", name="Acting as Ada Quist")).to_be_visible()


async def test_acting_as_another_shows_their_side(world: World) -> None:
    page = await world.open()
    await page.get_by_role("button", name="Acting as Ada Quist").click()
    await page.get_by_role("button", name=re.compile("Ben Okoro")).click()
    await expect(page.get_by_role("button", name="Acting as Ben Okoro")).to_be_visible()
    await say(page, "hello")
    await expect(page.get_by_role("article", name=re.compile("Ben Okoro"))).to_be_visible()


async def test_unread_messages_are_counted_and_read(world: World) -> None:
    page = await world.open()
    ben = await world.open("U0BEN", "C0QUIET")
    await say(ben, "one")
    await say(ben, "two")
    link = page.get_by_role("link", name=re.compile("quiet.*2 unread"))
    await link.click()
    await expect(page.get_by_role("log")).to_contain_text("two")
    await expect(page.get_by_role("link", name=re.compile("quiet.*unread"))).to_have_count(0)


async def test_the_clock_moves_and_a_direct_message_is_announced(world: World) -> None:
    page = await world.open()
    await page.get_by_role("button", name="Tomorrow 09:00").click()
    toast = page.get_by_role("status").filter(has_text="Good morning")
    await expect(toast).to_be_visible()
    nine = page.get_by_role("button", name=re.compile("09:00.*move the clock"))
    await expect(nine).to_be_visible()

    chosen = world.sandbox.clock.now().astimezone(LONDON) + timedelta(days=2)
    await nine.click()
    await page.get_by_label("Any date and time").fill(f"{chosen:%Y-%m-%d}T17:30")
    await page.get_by_role("button", name="Go").click()
    day = f"{chosen:%a} {chosen.day} "
    face = page.get_by_role("button", name=re.compile(f"{day}.*{chosen.year}.*17:30"))
    await expect(face).to_be_visible()
    await page.get_by_role("button", name="Now", exact=True).click()
    await expect(face).to_be_hidden()


async def test_steps_tick_themselves_off_and_fill_the_message_box(world: World) -> None:
    page = await world.open()
    rail = page.get_by_role("complementary", name="What to try")
    await expect(rail).to_contain_text("0 of 2 done")
    await rail.get_by_role("button", name="/lost Brightwater Foods, price").click()
    await expect(box(page)).to_have_value("/lost Brightwater Foods, price")
    await box(page).press("Enter")
    await expect(rail).to_contain_text("1 of 2 done")


async def test_the_inspector_shows_traffic_and_filters_it(world: World) -> None:
    page = await world.open()
    await say(page, "/lost Acme, price")
    await page.get_by_role("button", name="Inspector").click()
    panel = page.get_by_role("complementary", name="Inspector")
    row = panel.get_by_role("listitem").filter(has_text="/lost").first
    await row.locator("summary").first.click()
    await expect(row).to_contain_text("Acme, price")
    await panel.get_by_role("searchbox").fill("no such thing")
    await expect(panel).to_contain_text("Nothing")
    assert "xoxb-" not in (await panel.inner_text()).replace("xoxb-(hidden)", "")


async def test_the_page_says_when_the_bot_is_away_and_goes_on_when_it_is_back(world: World) -> None:
    page = await world.open(place="D0ADA")
    await world.disconnect_bot()
    banner = page.get_by_role("status").filter(has_text="is away")
    await expect(banner).to_be_visible()
    await say(page, "are you there?")
    await expect(page.get_by_role("log")).to_contain_text("are you there?")
    await world.connect_bot()
    await expect(banner).to_be_hidden()
    await expect(page.get_by_role("log")).to_contain_text("You said: are you there?")


async def test_starting_over_empties_everything_once_confirmed(world: World) -> None:
    page = await world.open()
    await say(page, "soon gone")
    await expect(page.get_by_role("log")).to_contain_text("soon gone")
    await page.get_by_role("button", name="Start over").click()
    dialog = page.get_by_role("dialog", name="Start over?")
    await dialog.get_by_role("button", name="Keep everything").click()
    await expect(page.get_by_role("log")).to_contain_text("soon gone")
    await page.get_by_role("button", name="Start over").click()
    await dialog.get_by_role("button", name="Start over").click()
    await expect(page.get_by_role("log")).not_to_contain_text("soon gone")


async def test_a_bot_can_be_invited_and_a_channel_added(world: World) -> None:
    page = await world.open(place="C0QUIET")
    await page.get_by_role("button", name=re.compile("^Invite ")).click()
    await expect(page.get_by_role("button", name=re.compile("^Invite "))).to_be_hidden()
    await page.get_by_role("button", name="Add a channel").click()
    await page.get_by_role("textbox", name="Name").fill("Big Wins")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_role("heading", name="big-wins")).to_be_visible()


async def test_a_long_channel_loads_its_newest_first_and_older_on_demand(world: World) -> None:
    posting = world.sandbox.parts.posting
    channel = world.sandbox.parts.workspace.channels["C0LONG"]
    for number in range(130):
        posting.post_as_person(channel, "U0BEN", f"message {number}.")
    page = await world.open(place="C0LONG")
    await expect(page.get_by_text("message 129.")).to_be_in_viewport()
    assert await page.get_by_role("article").count() == 50
    region = page.get_by_role("region", name="#long, scrollable")
    for _ in range(4):
        await region.evaluate("(it) => { it.scrollTop = 0; }")
        await page.wait_for_timeout(150)
    await expect(page.get_by_text("message 0.", exact=True)).to_be_attached()
    await expect(page.get_by_text("This is where #long begins.")).to_be_attached()


async def test_the_phone_shows_one_thing_at_a_time(world: World) -> None:
    page = await world.open(phone=True)
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    await expect(page.get_by_role("link", name="quiet")).to_be_hidden()
    await page.get_by_role("button", name="Conversations").click()
    await page.get_by_role("link", name="quiet").click()
    await expect(page.get_by_role("heading", name="quiet")).to_be_visible()
    await expect(page.get_by_role("link", name="quiet")).to_be_hidden()
    await page.get_by_role("button", name=re.compile("What to try")).click()
    await expect(page.get_by_role("complementary", name="What to try")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("complementary", name="What to try")).to_be_hidden()


async def test_the_theme_follows_the_system_until_chosen(world: World) -> None:
    page = await world.open(color_scheme="dark")
    dark = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    await page.get_by_role("button", name="Light theme").click()
    light = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    await page.reload()
    await expect(page.get_by_role("button", name="Dark theme")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
async def test_the_accessibility_scan_finds_nothing_serious(
    world: World, axe_source: str, theme: str, phone: bool
) -> None:
    page = await world.open(place="D0ADA", phone=phone, color_scheme=theme)
    await say(page, "/lost gallery")
    await expect(page.get_by_role("table").last).to_be_attached()
    await say(page, "/lost Acme, price")
    await expect(page.get_by_role("article", name=re.compile("only visible"))).to_be_visible()
    assert await scan(page, axe_source) == []
    await box(page).press_sequentially("/")
    await expect(page.get_by_role("option").first).to_be_visible()
    assert await scan(page, axe_source) == []
    form = await open_form(page)
    await form.get_by_role("button", name="Log it").click()
    assert await scan(page, axe_source) == []
    await page.keyboard.press("Escape")
    await expect(form).to_be_hidden()
    await page.get_by_role("button", name="Inspector").click()
    await expect(page.get_by_role("listitem").filter(has_text="/lost").first).to_be_visible()
    assert await scan(page, axe_source) == []

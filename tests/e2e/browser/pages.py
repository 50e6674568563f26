"""What a person does on a page of the sandbox, by roles and names alone."""

import re

from playwright.async_api import Locator, Page, expect

SERIOUS = ("serious", "critical")


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name=re.compile("^Message "))


def log(page: Page) -> Locator:
    """The messages of the open conversation."""
    return page.get_by_role("log")


def last_answer(page: Page) -> Locator:
    """The latest message that only the one who looks can see."""
    return log(page).get_by_role("article", name=re.compile("only visible to you")).last


async def say(page: Page, text: str) -> None:
    await box(page).fill(text)
    await box(page).press("Enter")


async def choose(form: Page | Locator, menu: str, typed: str, choice: str) -> None:
    """Type into a menu and take the option whose words begin with `choice`."""
    label = re.compile(rf"^{re.escape(menu)}( \(optional\))?$")
    await form.get_by_role("combobox", name=label).fill(typed)
    await form.get_by_role("option", name=re.compile(f"^{re.escape(choice)}")).click()


async def become(page: Page, name: str) -> None:
    """Act as somebody else."""
    await page.get_by_role("button", name=re.compile("^Acting as ")).click()
    people = page.get_by_role("list", name="People to act as")
    await people.get_by_role("button", name=re.compile(name)).click()
    await expect(page.get_by_role("button", name=f"Acting as {name}")).to_be_visible()


async def open_dm(page: Page) -> None:
    """Open the DM with the bot."""
    await page.get_by_role("link", name=re.compile("^Lost & Found (?!Home)")).click()
    await expect(page.get_by_role("main")).to_contain_text("direct message")


async def scan(page: Page, source: str) -> list[str]:
    """What axe finds serious on a page."""
    await page.evaluate(source)
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{v['id']}: {v['nodes'][0]['html']}" for v in found["violations"] if v["impact"] in SERIOUS
    ]

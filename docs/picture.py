"""Draws docs/picture.png: a Monday morning in the sandbox, as a rep sees it."""

from __future__ import annotations

import asyncio
import re
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Page, async_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from bot.demo.running import Stage

PICTURE = Path(__file__).with_name("picture.png")
SIZE = {"width": 1440, "height": 900}
FRIDAY = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)
MAYA, LENA = "U0MAYA", "U0LENA"
FLAGS = ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"]


async def type_in(page: Page, line: str) -> None:
    """Send a line, and wait until it has left the message box."""
    box = page.get_by_role("textbox", name=re.compile("^Message "))
    await box.fill(line)
    await box.press("Enter")


async def play(page: Page, address: str) -> None:
    """Log a loss and deal as Maya, move the clock, and look at the day as Lena."""
    log = page.get_by_role("log")
    await page.goto(f"{address}/?as={MAYA}&at=C0SALES")
    await type_in(page, "/lost help")
    await log.get_by_text("what I can do for you").wait_for()
    await type_in(page, "/lost Acme Corp, price, went to Globex")
    await log.get_by_text("is written down").wait_for()
    await type_in(page, "/lost")
    form = page.get_by_role("dialog")
    await form.get_by_role("combobox", name="Account", exact=True).fill("Quince Kitchens")
    await form.get_by_role("option", name="New: Quince Kitchens").click()
    await form.get_by_role("combobox", name="Reason", exact=True).fill("Neglect")
    await form.get_by_role("option", name="Neglect").click()
    await form.get_by_role("button", name="Log the loss").click()
    await log.get_by_text("Quince Kitchens is written down").wait_for()
    await type_in(page, "/lost drawer")
    await log.get_by_role("heading", name="Code 99 drawer").wait_for()
    await type_in(page, "/lost deal")
    await log.get_by_role("button", name="Deal them out").click()
    await log.get_by_text("Each has a message with theirs.").wait_for()
    await page.goto(f"{address}/?as={LENA}&at=D0LENA")
    await type_in(page, "/lost mine")
    await log.get_by_text("in your hands").wait_for()
    await page.get_by_role("button", name="Next Monday 09:00").click()
    await log.get_by_role("heading", name="Your day, Monday").wait_for()
    await page.get_by_text("7 of 10 done").wait_for()
    await page.mouse.move(720, 860)


async def draw() -> None:
    """Play the scene in a sandbox of its own and keep a picture of it."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder))
        stage.sandbox.clock.set_to(FRIDAY)
        address = await stage.start()
        try:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
                page = await browser.new_page(viewport=SIZE)
                await play(page, address)
                await page.screenshot(path=PICTURE, animations="disabled")
                await browser.close()
        finally:
            await stage.stop()


if __name__ == "__main__":
    asyncio.run(draw())

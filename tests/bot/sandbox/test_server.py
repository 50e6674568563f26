import re
from pathlib import Path

import aiohttp

from tests.bot.sandbox.conftest import StartSandbox


async def test_the_page_is_served_and_nothing_beside_it(
    start: StartSandbox, tmp_path: Path
) -> None:
    folder = tmp_path / "page"
    (folder / "js").mkdir(parents=True)
    (folder / "index.html").write_text("<title>Sandbox</title>")
    (folder / "js" / "app.js").write_text("start()")
    (tmp_path / "secret.txt").write_text("no")
    sandbox = await start(page_folder=folder)
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{sandbox.address}/") as answer:
            assert await answer.text() == "<title>Sandbox</title>"
            assert answer.content_type == "text/html"
        async with session.get(f"{sandbox.address}/page/js/app.js") as answer:
            assert "javascript" in answer.content_type
        for path in ("/page/none.js", "/page/..%2Fsecret.txt", "/nothing"):
            async with session.get(sandbox.address + path) as answer:
                assert answer.status == 404


async def test_the_pages_files_are_fetched_together_and_once_until_they_change(
    start: StartSandbox, tmp_path: Path
) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "app.js").write_text("start()")
    html = '<html>\n  <head>\n  </head>\n  <script src="/page/js/app.js"></script>\n</html>'
    (tmp_path / "index.html").write_text(html)
    sandbox = await start(page_folder=tmp_path)
    async with aiohttp.ClientSession() as session:

        async def page_and_its_script() -> tuple[str, str, str]:
            async with session.get(f"{sandbox.address}/") as answer:
                index = await answer.text()
            [preloaded] = re.findall(r'<link rel="modulepreload" href="([^"]+)"', index)
            assert f'<script src="{preloaded}">' in index
            async with session.get(sandbox.address + preloaded) as answer:
                return preloaded, await answer.text(), answer.headers["Cache-Control"]

        first, script, kept = await page_and_its_script()
        assert script == "start()"
        assert "immutable" in kept
        assert (await page_and_its_script())[0] == first
        (tmp_path / "js" / "app.js").write_text("start(again)")
        second, script, _ = await page_and_its_script()
        assert second != first
        assert script == "start(again)"
        async with session.get(sandbox.address + first) as answer:
            assert await answer.text() == "start(again)"
            assert answer.headers["Cache-Control"] == "no-cache"


async def test_a_port_just_left_is_found_again_and_a_taken_one_gives_way(
    start: StartSandbox,
) -> None:
    first = await start()
    first_address = first.address
    port = int(first_address.rpartition(":")[2])
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{first_address}/sandbox/bootstrap") as answer:
            assert answer.status == 200
        await first.stop()  # while the line still stands, so that the port is long in fading away
    again = await start(port=port)
    assert again.address == first_address
    beside = await start(port=port)
    assert beside.address != again.address

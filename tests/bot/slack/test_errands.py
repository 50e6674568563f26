"""What is done after the answer."""

from __future__ import annotations

import asyncio

import pytest

from bot.slack.errands import Errands


async def test_errands_wait_for_the_answer_of_their_request() -> None:
    errands, done = Errands(), list[str]()

    async def request() -> None:
        held = errands.hold()
        errands.run(note(done, "held"))
        await asyncio.sleep(0)
        assert done == []
        await held.release()
        errands.run(note(done, "at once"))

    await asyncio.create_task(request())
    await errands.finish()
    assert done == ["held", "at once"]


async def test_shutdown_waits_for_errands_but_not_for_ever() -> None:
    errands, done = Errands(), list[str]()
    errands.run(note(done, "short"))
    errands.run(note(done, "endless", seconds=60))
    await errands.finish(0.05)
    assert done == ["short"]
    await errands.finish()


async def test_an_errand_that_breaks_is_written_down(caplog: pytest.LogCaptureFixture) -> None:
    async def breaks() -> None:
        raise ValueError("broken")

    errands = Errands()
    errands.run(breaks())
    await errands.finish()
    assert "an errand failed" in caplog.text


async def note(done: list[str], what: str, seconds: float = 0) -> None:
    await asyncio.sleep(seconds)
    done.append(what)

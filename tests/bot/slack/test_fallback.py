"""The text of a message, for phones and screen readers."""

from __future__ import annotations

from bot.slack.fallback import text_of
from handlers.views.elements import Bullets, Heading, Paragraph, View, say, words


def test_the_summary_comes_first_and_is_not_said_twice() -> None:
    view = View("Acme: visit by Friday", (Heading("Acme"), Paragraph(words("Go there."))))
    assert text_of(view) == "Acme: visit by Friday\nAcme\nGo there."
    assert text_of(say("Done.")) == "Done."


def test_markup_and_entities_are_escaped() -> None:
    assert text_of(say("<!channel> & <@U1> &lt;")) == "&lt;!channel&gt; &amp; &lt;@U1&gt; &amp;lt;"


def test_a_long_text_is_cut_and_no_entity_is_torn() -> None:
    text = text_of(say("&" * 3000))
    assert len(text) <= 3900
    assert text.endswith("…")
    assert text[:-1].replace("&amp;", "") == ""


def test_a_list_is_numbered_only_where_it_is_ordered() -> None:
    items = (words("one"), words("two"))
    view = View("List", (Bullets(items, ordered=True), Bullets(items)))
    assert text_of(view).splitlines()[1:] == ["1. one", "2. two", "• one", "• two"]


def test_a_message_without_words_still_has_text() -> None:
    assert text_of(View(" ", ())) == "Lost &amp; Found"

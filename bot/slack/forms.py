"""A form as Slack's modal, and what was filled in as plain values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, assert_never

from slackblocks import (
    CheckboxGroup,
    ConversationFilter,
    ConversationSelectMenu,
    DatePicker,
    ExternalSelectMenu,
    InputBlock,
    Option,
    PlainText,
    PlainTextInput,
    RadioButtonGroup,
    StaticSelectMenu,
    UserSelectMenu,
)
from slackblocks import Element as SlackElement

from bot.slack.blocks import blocks_from
from bot.slack.surfaces import MOST_BLOCKS, cut, one_line
from handlers.views.forms import (
    ChannelField,
    CheckField,
    ChoiceField,
    DateField,
    Field,
    Form,
    LookupField,
    PersonField,
    TextField,
)

LOOKUP = "lookup."
"""What the action id of a look-up field begins with; the name of its source follows."""

_TYPED = "typed"
_ROUND = "~"
_TITLE = 24
_LABEL = 2000
_OPTION = 75
_VALUE = 150
_OPTIONS = 100
_FEW = 5
_METADATA = 3000
_LONGEST_TEXT = 3000
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Memory:
    """What a form carries along unseen: its context, and where to answer once it is sent.

    `message_ref` is the message whose button opened it.
    `round` counts how often one form took the place of another: Slack keeps what was typed into
    a field of the same id, so that each round has ids of its own.
    """

    context: Mapping[str, str] = field(default_factory=dict)
    response_url: str = ""
    message_ref: str = ""
    round: int = 1

    def to_metadata(self) -> str:
        """Write it down for `private_metadata`; raise `ValueError` where it is too much."""
        for url in (self.response_url, ""):  # without it the answer goes to the person's DM
            written = json.dumps(
                {"c": dict(self.context), "r": url, "m": self.message_ref, "n": self.round},
                separators=(",", ":"),
            )
            if len(written) <= _METADATA:
                return written
        raise ValueError(f"a form's context has {len(written)} characters")

    @classmethod
    def from_metadata(cls, metadata: object) -> Memory:
        """Read what `to_metadata` wrote; anything else is an empty memory."""
        try:
            kept = json.loads(metadata) if isinstance(metadata, str) else {}
            context = {str(k): str(v) for k, v in kept.get("c", {}).items()}
            return cls(context, str(kept.get("r", "")), str(kept.get("m", "")), int(kept["n"]))
        except (ValueError, KeyError, AttributeError, TypeError):
            return cls()

    def next_round(self) -> Memory:
        """Give the memory of a form that takes this one's place."""
        return replace(self, round=self.round + 1)


def modal_of(form: Form, memory: Memory) -> Json:
    """Show a form as a modal. Raises `ValueError` where its context is too much for Slack."""
    memory = replace(memory, context=form.context)
    inputs = [block for f in form.fields for block in _inputs(f, memory.round)]
    intro = blocks_from(form.intro, "modal")[: MOST_BLOCKS["modal"] - len(inputs)]
    return {
        "type": "modal",
        "callback_id": form.id,
        "title": _plain(one_line(form.title, _TITLE) or "Lost & Found"),
        "submit": _plain(one_line(form.submit, _TITLE) or "Save"),
        "close": _plain("Cancel"),
        "private_metadata": memory.to_metadata(),
        "blocks": [*intro, *inputs],
    }


def values_of(state: object) -> dict[str, str]:
    """Read `state.values`: field name → what it holds, empty where nothing does."""
    values: dict[str, str] = {}
    blocks = state.get("values") if isinstance(state, Mapping) else None
    for block_id, elements in blocks.items() if isinstance(blocks, Mapping) else ():
        for held in elements.values() if isinstance(elements, Mapping) else ():
            if isinstance(held, Mapping):
                values[field_of(block_id)] = _value(held)
    return values


def field_of(block_id: str) -> str:
    """Give the name of the field that a block asks for."""
    return block_id.rpartition(_ROUND)[0] or block_id


def errors_for(view: Mapping[str, Any], errors: Mapping[str, str]) -> dict[str, str]:
    """Give block id → what to mend; what belongs to no field stands at the first."""
    blocks = [b for b in view.get("blocks") or [] if isinstance(b, Mapping)]
    inputs = [str(b.get("block_id")) for b in blocks if b.get("type") == "input"]
    by_field = {field_of(block_id): block_id for block_id in inputs}
    placed: dict[str, str] = {}
    for name, sentence in errors.items():
        block_id = by_field.get(name) or next(iter(inputs), "")
        if block_id:
            placed[block_id] = " ".join(filter(None, (placed.get(block_id), sentence)))
    return placed


def options_of(matches: list[tuple[str, str]]) -> list[Json]:
    """Show (value, label) of what matches as the options of a look-up field."""
    return [_rendered(_option(value, label)) for value, label in matches[:_OPTIONS]]


def _inputs(asked: Field, round_: int) -> Iterator[Json]:
    element = _element(asked)
    if element is None:
        return
    optional = isinstance(asked, CheckField) or asked.optional
    hint = "" if isinstance(asked, CheckField) else asked.hint
    block = InputBlock(
        PlainText(cut(asked.label.strip(), _LABEL) or asked.name),
        element,
        block_id=f"{asked.name}{_ROUND}{round_}",
        hint=PlainText(cut(hint.strip(), _LABEL)) if hint.strip() else None,
        optional=optional,
    )
    yield _rendered(block)


def _element(asked: Field) -> SlackElement | None:
    match asked:
        case TextField(value=value, long=long, most=most):
            most = min(most, _LONGEST_TEXT)
            return PlainTextInput(
                action_id=_TYPED,
                initial_value=value[:most] or None,
                multiline=long,
                max_length=most,
            )
        case ChoiceField():
            return _choice(asked)
        case LookupField(source=source, value=value, shown=shown):
            chosen = _option(value, shown or value.removeprefix("new:")) if value else None
            return ExternalSelectMenu(
                f"{LOOKUP}{source}", initial_option=chosen, min_query_length=0
            )
        case PersonField(value=value):
            return UserSelectMenu(action_id=_TYPED, initial_user=value or None)
        case ChannelField(value=value):
            return ConversationSelectMenu(
                _TYPED,
                initial_conversation=value or None,
                filter=ConversationFilter(["public", "private"]),
            )
        case DateField(value=value):
            day = value if _ISO_DAY.fullmatch(value) else None
            return DatePicker(action_id=_TYPED, initial_date=day)
        case CheckField(says=says, value=value):
            box = _option("yes", says)
            return CheckboxGroup(_TYPED, [box], initial_options=[box] if value else None)
        case _ as never:
            assert_never(never)


def _choice(asked: ChoiceField) -> SlackElement | None:
    options = [_option(value, label) for value, label in asked.options[:_OPTIONS]]
    if not options:
        return None
    chosen = next((o for o in options if asked.value and o.value == asked.value), None)
    # A radio button cannot be let go again, so it is only for what has to be chosen.
    if len(options) <= _FEW and not asked.optional:
        return RadioButtonGroup(_TYPED, options, initial_option=chosen)
    return StaticSelectMenu(_TYPED, options, initial_option=chosen)


def _option(value: str, label: str) -> Option:
    return Option(PlainText(one_line(label, _OPTION) or "–"), value[:_VALUE])


def _value(held: Mapping[str, Any]) -> str:
    """Read what one element holds, whatever its kind."""
    match held:
        case {"selected_option": {"value": str(value)}}:
            return value
        case {"selected_options": [{"value": str(value)}, *_]}:
            return value
        case {"selected_conversation": str(value)}:
            return clean(value)
        case {"value": str(value)} | {"selected_user": str(value)} | {"selected_date": str(value)}:
            return clean(value)
    return ""


def clean(text: object) -> str:
    """Give a text without what no database takes: NUL and halves of letters."""
    if not isinstance(text, str):
        return ""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def _rendered(part: InputBlock | Option) -> Json:
    made: Json = part._resolve()  # the builder has no public way to a dictionary
    return made

"""Every message is laid out for several channels: nothing may be lost, cut off or too long."""

from __future__ import annotations

import re

from bot.channels.layout import Capabilities, Part, layout, units
from bot.channels.terminal import CAPABILITIES as TERMINAL
from bot.core.events import Said
from bot.core.say import Say
from bot.turn import Reply

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
CHANNELS = {
    "narrow": Capabilities(max_text=4096, max_choices=8, max_label=64, buttons=True, files=True),
    "web": Capabilities(max_text=100_000, max_choices=20, max_label=200, buttons=True, files=True),
    "terminal": TERMINAL,
}


def nothing_is_lost(reply: Reply) -> None:
    """Raises ``AssertionError`` where a channel would show less than was said."""
    for say in reply.says:
        for name, capabilities in CHANNELS.items():
            _check(name, capabilities, say)
        if reply.situation is not None:
            _ledger_keeps_the_words(reply, say)


def _check(name: str, capabilities: Capabilities, say: Say) -> None:
    parts = layout([say], capabilities)
    assert all(units(part.text) <= capabilities.max_text for part in parts), f"{name}: too long"
    shown = "".join("".join(part.text.split()) for part in parts)
    assert shown.startswith("".join(say.text.split())), f"{name}: words were lost of {say.text!r}"
    for number, choice in enumerate(say.choices, 1):
        assert _offers(parts, number, choice.label), f"{name}: {choice.label!r} cannot be chosen"
    for button in (button for part in parts for button in part.buttons):
        assert units(button.label) <= capabilities.max_label, f"{name}: label too long"
    assert parts[-1].question == say.question


def _offers(parts: list[Part], number: int, label: str) -> bool:
    as_button = any(button.number == number and button.label == label for part in parts for button in part.buttons)
    return as_button or f"{number}.{''.join(label.split())}" in "".join("".join(part.text.split()) for part in parts)


def _ledger_keeps_the_words(reply: Reply, say: Say) -> None:
    """Staff later read the very words: template and values of the fact give the text that was shown."""
    situation = reply.situation
    assert situation is not None
    if say.fact.language != situation.words.language:
        return
    fact = Said.model_validate_json(say.fact.model_dump_json())
    values: dict[str, str] = {}
    for param in fact.params:
        values[param.name] = values.get(param.name, "") + param.value
    words = situation.words.translate(fact.place, fact.template)
    assert PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), words) == say.text

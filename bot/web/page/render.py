"""Templates to HTML. Everything that comes from outside is escaped; what a template does not know is an error.

One environment for the process; each page hands in its words, so that ``say(texts.SEND)`` speaks its language.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import orjson
from aiohttp import web
from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot import limits
from bot.answers.base import Template, Words
from bot.core.texts import LANGUAGES
from bot.web import texts
from bot.web.page import fields, view
from bot.web.page.assets import Assets
from bot.web.page.legal import Legal
from bot.web.shapes.wording import worded

SCRIPT: Final = "chat.js"
FOLDER: Final = Path(__file__).parents[1] / "templates"

_CAREFUL: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)
"""Inside a data block nothing may look like markup."""


class Pages:
    """Renders every page of the house."""

    def __init__(self, assets: Assets, legal: Legal, demo_date: date | None) -> None:
        self.assets: Final = assets
        self.legal: Final = legal
        self.demo_date: Final = demo_date
        self._environment: Final = _environment(assets, legal)
        self._word_blocks: Final[dict[str, Markup]] = {}

    def html(self, name: str, words: Words, **shown: Any) -> str:
        """The page ``name`` in the language of ``words``."""

        def say(template: Template, **params: object) -> str:
            return worded(words, template, **{key: str(value) for key, value in params.items()})

        def day(iso: str | date) -> str:
            found = iso if isinstance(iso, date) else date.fromisoformat(iso)
            return str(format_date(found, "long", locale=words.language))

        known = {"demo": self.demo_date, "language": words.language, "say": say, "day": day, **shown}
        return self._environment.get_template(f"{name}.html").render(words_of_page=self._words(words), **known)

    def respond(self, name: str, words: Words, *, status: int = 200, **shown: Any) -> web.Response:
        """The same as a response that nobody may keep."""
        html = self.html(name, words, **shown)
        return web.Response(text=html, status=status, content_type="text/html", headers={"Cache-Control": "no-store"})

    def _words(self, words: Words) -> Markup:
        """What the script says, as a data block; made once a language."""
        if words.language not in self._word_blocks:
            found = {template.place: words.translate(*template) for template in texts.WORDS}
            self._word_blocks[words.language] = Markup(orjson.dumps(found).decode().translate(_CAREFUL))  # noqa: S704
        return self._word_blocks[words.language]


def _environment(assets: Assets, legal: Legal) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    measures = {"megabytes": limits.FILE_BYTES // limits.MIB, "pages": limits.PAGES_PER_EVIDENCE}
    helpers: dict[str, Callable[..., Any]] = {
        "static": assets.address,
        "layout": fields.layout,
        "fields_of": fields.fields,
        "options_of": fields.options,
        "raw": fields.raw,
        "longest": fields.longest,
        "answers_of": view.answers,
    }
    environment.globals.update(helpers, texts=texts, languages=LANGUAGES, legal=legal, measures=measures)
    environment.globals.update(script=SCRIPT if SCRIPT in assets.files else "")
    environment.globals.update(modules=assets.modules(SCRIPT) if SCRIPT in assets.files else [])
    return environment

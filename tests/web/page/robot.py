"""Fills in our forms from what stands on the page alone, until the application is sent."""

from __future__ import annotations

from tests.web.page.browser import Browser

PARTS = {
    "value.given": "Anna", "value.family": "Muster", "value.street": "Musterweg", "value.house_number": "1",
    "value.postal_code": "01067", "value.city": "Dresden", "value.court": "Leipzig", "value.type": "HRB",
    "value.number": "1", "from": "20.4.2020", "to": "30.4.2020",
}  # fmt: skip

WORDS = (
    ("geboren", "3.5.2015"), ("geburtsdatum", "1.2.1985"), ("stunden", "8"), ("tage", "20.4.2020"),
    ("beginn", "03/2018"), ("steuerjahr", "2019"), ("plz", "01067"), ("telefon", "0351 123456"),
    ("mail", "erika@example.org"), ("iban", "DE89 3704 0044 0532 0130 00"), ("", "Beispiel"),
)  # fmt: skip
"""The end of a question's name to what is typed."""

TRUTHS = ("@consent", "@declaration")
PREFERRED = {"rolle": '"selbststaendig"', "bundesland": '"sachsen"', "vertretung": "false"}


async def answer(browser: Browser) -> Browser:
    """One answer to the open question."""
    question, names = browser.question, browser.names()
    if browser.page.all(id="angebote") and browser.form("angebote").all("button", name="value"):
        return await browser.send(id="angebote", value=browser.values("angebote")[0])
    if "pick" in names:
        boxes = browser.form("antwort").all("input", name="pick")
        return await browser.send(("pick", boxes[0]["value"]))
    if "text" in names:
        return await browser.send(text=words(browser, question))
    if names and "value" not in names:
        return await browser.send(*((name, PARTS[name]) for name in names))
    return await browser.send(value=choice(browser, question))


def choice(browser: Browser, question: str) -> str:
    values = browser.values()
    if question.startswith("@again["):
        return "false"
    for wanted in (PREFERRED.get(question), "true" if question.startswith(TRUTHS) else None, '"apply_anyway"'):
        if wanted in values:
            return str(wanted)
    return next((value for value in values if "later" in value), values[0])


def words(browser: Browser, question: str) -> str:
    field = browser.page.one(id="f-text")
    if field.get("inputmode") == "decimal" and "stunden" not in question:
        return "1000"
    return next(text for end, text in WORDS if question.endswith(end) or end in question.rpartition(".")[2])


async def to_review(browser: Browser, most: int = 150) -> list[str]:
    """Answers everything. Returns the questions that were asked."""
    asked = []
    for _ in range(most):
        if not browser.question:
            return asked
        asked.append(browser.question)
        await answer(browser)
        assert not browser.slip, (asked[-1], browser.slip)
        assert browser.status == 200, (asked[-1], browser.html)
    raise AssertionError("no end")

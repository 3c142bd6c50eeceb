"""What the applicant of these tests knows: by what a page asks, in either language. No ids, no kinds, no procedure."""

from __future__ import annotations

import re
from typing import Final

SAYS: Final[tuple[tuple[str, str, str], ...]] = (
    ("Wie heißt das Kind|child's name", "Lena|Muster", "Lena|Muster"),
    ("Wann ist .* geboren|When was .* born", "1.3.2015", "1 March 2015"),
    ("Stunden arbeiten Sie normalerweise|hours a week", "37,5", "37.5"),
    ("Von wann bis wann|From when to when", "20.4.2020|15.5.2020", "20 April 2020|15 May 2020"),
    ("ohnehin zu gewesen|closed anyway", "1.5.2020", "1 May 2020"),
    ("keine andere Betreuung|no other childcare", "Die Großeltern wohnen weit weg.", "The grandparents live far away."),
    ("Ihr Vorname|your first name", "Alex", "Alex"),
    ("Ihr Nachname|your family name", "Muster", "Muster"),
    ("Wann sind Sie geboren|When were you born", "3.5.1985", "3 May 1985"),
    ("Wo wohnen Sie|Where do you live", "Musterweg|1|04109|Leipzig", "Musterweg|1|04109|Leipzig"),
    ("Wie heißt die Einrichtung|name of .* facility", "Kita Sonnenschein", "Kita Sonnenschein"),
    ("Postleitzahl|postcode", "04109", "04109"),
    ("welchem Ort|which town", "Leipzig", "Leipzig"),
    ("Was arbeiten Sie|What work", "Fotografin", "Photographer"),
    ("Seit wann machen|Since when", "März 2017", "March 2017"),
    ("Für welches Jahr|Which year", "2019", "2019"),
    ("Gewinn|profit", "36.000 Euro", "36,000 euros"),
    ("Einkommensteuer haben Sie|How much income tax", "4.200 Euro", "4,200 euros"),
    ("soziale Sicherung gezahlt|social security", "6.600 Euro", "6,600 euros"),
    ("trotzdem eingenommen|still have from work", "0", "0"),
    ("Telefonnummer|phone number", "0341 1234567", "0341 1234567"),
    ("E-Mail-Adresse|e-mail address", "alex@example.org", "alex@example.org"),
    ("Wem gehört das Konto|Whose account", "Alex Muster", "Alex Muster"),
    ("IBAN", "DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"),
    ("noch etwas mitteilen|tell the agency anything", "Bitte antworten Sie bald.", "Please answer soon."),
)
"""A pattern of the question, and what is typed, in German and in English; fields are parted by a stroke."""

PICKS: Final[tuple[tuple[str, str], ...]] = (
    ("Möchten Sie anfangen|start", "^(Ja|Yes)"),
    ("weniger verdient|earn less", "^(Ja|Yes)$"),
    ("selbst betreut|childcare yourself", "^(Ja|Yes)$"),
    ("schon einen Einkommensteuerbescheid|income tax assessment", "^(Ja|Yes)$"),
    ("Wer stellt den Antrag|Who is applying", "selbstständig|self-employed"),
    ("Wo wurde|normally looked after", "Kindergarten|nursery|kindergarten"),
    ("Wochentagen|days of the week", "Montag|Dienstag|Mittwoch|Donnerstag|Freitag|(Mon|Tues|Wednes|Thurs|Fri)day"),
    ("von zu Hause aus|work from home", "^([Nn]ein|No)$"),
    (r"^(Erklärung|Declaration|Statement) \d", "^(Ja|Yes)"),
    ("Wie möchten Sie den Bescheid|receive the official decision", "Post|post"),
)
"""A pattern of the question, and of the choices that are right. A yes or no that is not here is a no."""


def says(question: str, language: str) -> list[str] | None:
    """What to type, field by field; None where the applicant does not know."""
    for asked, german, english in SAYS:
        if re.search(asked, question):
            return (english if language == "en" else german).split("|")
    return None


def picks(question: str, labels: list[str]) -> list[int]:
    """Which of the choices."""
    for asked, right in PICKS:
        if re.search(asked, question):
            found = [at for at, label in enumerate(labels) if re.search(right, label)]
            assert found, (question, labels)
            return found
    no = [at for at, label in enumerate(labels) if label in ("Nein", "No")]
    return no or [0]

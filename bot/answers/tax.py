"""Numbers of the tax and social insurance offices. A check digit is computed only where a law or standard says how."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final, Literal

from stdnum.de import idnr, stnr, vat
from stdnum.exceptions import ValidationError

from bot.answers.base import Context, Problem, Reading, Template, Unclear, Value, problem
from bot.answers.common import CANDIDATES
from bot.answers.identifiers import Identifier, grouped, lead

TAX_NUMBER: Final = Template(
    "answers.tax_number.impossible",
    "Das ist keine Steuernummer. In Sachsen sieht sie so aus: 201/123/12340. Sie steht auf dem Steuerbescheid.",
)
TAX_NUMBER_OTHER: Final = Template(
    "answers.tax_number.tax_id", "Das ist eine Steuer-ID. Gefragt ist die Steuernummer, zum Beispiel 201/123/12340."
)
TAX_NUMBER_LAND: Final = Template(
    "answers.tax_number.land",
    "Diese Nummer gibt es in mehreren Bundesländern. Bitte schreiben Sie das Land dahinter: 21/815/08150 Berlin.",
)
TAX_ID: Final = Template(
    "answers.tax_id.impossible",
    "Das ist keine Steuer-ID. Sie hat 11 Ziffern und steht zum Beispiel auf der Lohnabrechnung.",
)
TAX_ID_CHECK: Final = Template(
    "answers.tax_id.check",
    "In der Steuer-ID stimmt etwas nicht. Oft sind zwei Ziffern vertauscht. Bitte prüfen Sie sie.",
)
VAT_ID: Final = Template("answers.vat_id.impossible", "Das ist keine USt-IdNr. Sie besteht aus DE und 9 Ziffern.")
VAT_ID_CHECK: Final = Template(
    "answers.vat_id.check",
    "In der USt-IdNr. stimmt etwas nicht. Oft sind zwei Ziffern vertauscht. Bitte prüfen Sie sie.",
)
SOCIAL: Final = Template(
    "answers.social_number.impossible",
    "Das ist keine Sozialversicherungsnummer. Sie hat 12 Stellen: 8 Ziffern, einen Buchstaben und 3 Ziffern.",
)
SOCIAL_CHECK: Final = Template(
    "answers.social_number.check",
    "In der Sozialversicherungsnummer stimmt etwas nicht. Bitte vergleichen Sie sie mit Ihrem Ausweis.",
)
COMPANY: Final = Template(
    "answers.company_number.impossible", "Eine Betriebsnummer hat 8 Ziffern. Bitte prüfen Sie sie."
)

_FACTORS: Final = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)


class TaxNumber(Identifier):
    """JSON: the 13 digits of all Germany. Saxony: ``201/123/12340`` is ``3201012312340``.

    Several Länder give out alike numbers. Saxony's form is taken as Saxony's, and the Land is shown; others are asked
    back. The check digit differs by Land and is not computed.
    """

    answer: Literal["tax_number"] = "tax_number"
    pattern: ClassVar[str] = "[0-9]{13}"
    lead: ClassVar[re.Pattern[str]] = lead("steuernummer|steuer-?nr|st-?\\.?-?nr|tax number")

    def understand(self, text: str, context: Context) -> Reading:
        number, land = _without_land(text)
        digits = self.compact(number)
        if not re.fullmatch("[0-9]{10,13}", digits):
            return problem(TAX_NUMBER)
        if len(digits) == 13:
            return Value(digits)
        if "/" not in number and land is None and idnr.is_valid(digits):
            return problem(TAX_NUMBER_OTHER)
        return _of_lands(_possible_lands(digits, number, land), digits)

    def check(self, value: Any, context: Context) -> Problem | None:
        sound = re.fullmatch("[0-9]{13}", value) and stnr.is_valid(value)
        return None if sound else problem(TAX_NUMBER)

    def show(self, value: Any, context: Context) -> str:
        """As on paper, with the Land: ``201/123/12340 (Sachsen)``."""
        land = stnr.guess_regions(value)[0]
        return f"{stnr.format(stnr.to_regional_number(value), land)} ({land})"


def _without_land(text: str) -> tuple[str, str | None]:
    """The name of a Land may stand behind the number."""
    for land in sorted(stnr.REGIONS, key=len, reverse=True):
        if land.casefold() in text.casefold():
            return re.sub(rf"[ (,]*{land}[ )]*", "", text, flags=re.IGNORECASE), land
    return text, None


def _possible_lands(digits: str, typed: str, land: str | None) -> list[str]:
    """Länder that give out such numbers, with the strokes at the same places."""
    groups = [len(group) for group in re.findall("[0-9]+", typed)]
    lands = [found for found in stnr.guess_regions(digits) if land in (None, found)]
    alike = [found for found in lands if [len(group) for group in stnr.format(digits, found).split("/")] == groups]
    return alike if "/" in typed else lands


def _of_lands(lands: list[str], digits: str) -> Reading:
    if "Sachsen" in lands:
        lands = ["Sachsen"]
    found = [str(stnr.to_country_number(digits, land)) for land in lands]
    if not found:
        return problem(TAX_NUMBER)
    if len(found) > CANDIDATES:
        return problem(TAX_NUMBER_LAND)
    return Value(found[0]) if len(found) == 1 else Unclear(tuple(found))


class TaxId(Identifier):
    """The Identifikationsnummer of a person (§ 139b AO, § 1 StIdV): 11 digits, ISO 7064 Mod 11,10."""

    answer: Literal["tax_id"] = "tax_id"
    pattern: ClassVar[str] = "[1-9][0-9]{10}"
    lead: ClassVar[re.Pattern[str]] = lead("steuer-?id(?:-?n(?:umme)?r)?|idnr|id-nr|steueridentifikationsnummer|tax id")

    def check(self, value: Any, context: Context) -> Problem | None:
        if not re.fullmatch(self.pattern, value):
            return problem(TAX_ID)
        return None if idnr.is_valid(value) else problem(TAX_ID_CHECK)

    def show(self, value: Any, context: Context) -> str:
        return grouped(value, 2, 3, 3, 3)


class VatId(Identifier):
    """The Umsatzsteuer-Identifikationsnummer (§ 27a UStG): DE and 9 digits, ISO 7064 Mod 11,10."""

    answer: Literal["vat_id"] = "vat_id"
    pattern: ClassVar[str] = "DE[0-9]{9}"
    lead: ClassVar[re.Pattern[str]] = lead("u?st-?id(?:\\.?-?nr)?|ust-?idnr|umsatzsteuer-?id|vat(?: id| number)?")

    def understand(self, text: str, context: Context) -> Reading:
        number = self.compact(text)
        return Value(f"DE{number}" if re.fullmatch("[0-9]{9}", number) else number)

    def check(self, value: Any, context: Context) -> Problem | None:
        if not re.fullmatch(self.pattern, value):
            return problem(VAT_ID)
        try:
            vat.validate(value)
        except ValidationError:
            return problem(VAT_ID_CHECK)
        return None


class SocialNumber(Identifier):
    """The Versicherungsnummer (§ 147 SGB VI), its check digit by § 2 VKVV."""

    answer: Literal["social_number"] = "social_number"
    pattern: ClassVar[str] = "[0-9]{8}[A-Z][0-9]{3}"
    lead: ClassVar[re.Pattern[str]] = lead(
        "sv-?nr|sv-?nummer|rv-?nummer|sozialversicherungsnummer|rentenversicherungsnummer|social(?: security)? number"
    )

    def check(self, value: Any, context: Context) -> Problem | None:
        if not re.fullmatch(self.pattern, value):
            return problem(SOCIAL)
        return None if social_check_digit(value) == int(value[11]) else problem(SOCIAL_CHECK)

    def show(self, value: Any, context: Context) -> str:
        return f"{value[:2]} {value[2:8]} {value[8]} {value[9:]}"


def social_check_digit(number: str) -> int:
    """§ 2 VKVV: the letter as its two-digit place in the alphabet, times the factors, cross sums, modulo 10."""
    digits = f"{number[:8]}{ord(number[8]) - ord('A') + 1:02d}{number[9:11]}"
    products = (int(digit) * factor for digit, factor in zip(digits, _FACTORS, strict=True))
    return sum(product // 10 + product % 10 for product in products) % 10


class CompanyNumber(Identifier):
    """The Betriebsnummer (§ 18i SGB IV): 8 digits. How its check digit is computed no source of ours says."""

    answer: Literal["company_number"] = "company_number"
    pattern: ClassVar[str] = "[0-9]{8}"
    lead: ClassVar[re.Pattern[str]] = lead("betriebsnummer|betriebs-?nr|bbnr|company number")

    def check(self, value: Any, context: Context) -> Problem | None:
        return None if re.fullmatch(self.pattern, value) else problem(COMPANY)

"""Every limit of the product, in one place. Sizes are bytes unless the name says otherwise."""

from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB

TEXT_CHARACTERS: Final = 4_000
"""Longest text that one message of an applicant may have."""

REQUEST_BYTES: Final = 64 * KIB
JSON_DEPTH: Final = 8
FACTS_PER_CASE: Final = 2_000

FILE_BYTES: Final = 20 * MIB
FILE_PIXELS: Final = 60_000_000
PAGES_PER_EVIDENCE: Final = 20
FILES_PER_CASE: Final = 60
FILE_BYTES_PER_CASE: Final = 200 * MIB

ROWS_PER_SECTION: Final = 400
"""More rows of one repeated section than any dialog needs: a guard against a rule that never ends."""

MISUNDERSTANDINGS_BEFORE_HELP: Final = 3
RESUME_TRIES_PER_HOUR: Final = 5

DRAFT_DAYS: Final = 30
"""Life of a draft after its last input (model: § 8a Abs. 3 OZG)."""
DRAFT_WARNING_DAY: Final = 23
SUBMITTED_DAYS: Final = 90

CONFLICT_RETRIES: Final = 5
"""How often a turn is decided anew when another writer was faster."""

CHANNEL_TEXT: Final = 4_096
"""The narrowest channel's longest message (Telegram), in UTF-16 units: no dialog text may exceed it."""
CHANNEL_CHOICE: Final = 64
"""Longest label of a choice that every channel shows whole."""

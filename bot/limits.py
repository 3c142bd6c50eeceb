"""Every limit of the product, in one place. Sizes are bytes unless the name says otherwise."""

from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB

TEXT_CHARACTERS: Final = 4_000
"""Longest text that one message of an applicant may have."""

REQUEST_BYTES: Final = 64 * KIB
JSON_DEPTH: Final = 8
HEADER_BYTES: Final = 8 * KIB
HEADERS: Final = 64
URL_BYTES: Final = 8 * KIB
CONNECTIONS: Final = 4_000
"""Open connections of one process. One more is told to come back."""
CONNECTION_SECONDS: Final = 75.0
"""How long a connection may be without a whole request head, longer than proxies keep theirs."""
BODY_SECONDS: Final = 15.0
"""How long the body of a request may take, besides what its bytes take at the slowest pace."""
SLOWEST_BYTES: Final = 2 * KIB
"""Slowest pace of an upload in bytes a second."""
CHUNK_BYTES: Final = 512 * KIB
"""So much of an upload is held in memory before it is written."""
EVENTS_PER_REPLY: Final = 500
WAIT_SECONDS: Final = 20
STREAMS_PER_TOKEN: Final = 2
STREAM_COMMENT_SECONDS: Final = 15.0

CASE_BURST: Final = 30
CASE_RATE: Final = 2.0
"""Requests of one case: so many at once, then so many a second."""
PIECE_BURST: Final = 80
PIECE_RATE: Final = 16.0
"""Pieces and pictures of one case's files: a photo comes in a dozen pieces, a review shows sixty previews."""
NETWORK_BURST: Final = 400
NETWORK_RATE: Final = 100.0
"""Requests of one network (/24 or /48): so many at once, then so many a second."""
PROCESS_BURST: Final = 4_000
PROCESS_RATE: Final = 4_000.0
"""Requests of one process: more than a core can answer; beyond it nothing is even looked at."""
NEW_CASES_PER_HOUR: Final = 2_000
"""New cases of one network: behind a mobile carrier's /24 live thousands of people."""
TURNS_IN_FLIGHT: Final = 256
"""Turns that one process has begun and not finished. One more is told to come back."""
UPLOADS_IN_FLIGHT: Final = 128
"""Uploads that one process receives at once, each with a chunk in memory; none while turns fill half."""
UPLOADS_PER_NETWORK: Final = 32
"""Of these, so many of one network: slow ones must not keep the others out."""
FREE_DISK: Final = 0.10
"""Part of the disk below which no more files are taken. Words are never refused for it."""
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
EMPTY_DAYS: Final = 1
"""Life of a case that nobody began: its first reply may have been lost."""
DRAFT_WARNING_DAY: Final = 23
SUBMITTED_DAYS: Final = 90

CONFLICT_RETRIES: Final = 5
"""How often a turn is decided anew when another writer was faster."""

CHANNEL_TEXT: Final = 4_096
"""The narrowest channel's longest message (Telegram), in UTF-16 units: no dialog text may exceed it."""
CHANNEL_CHOICE: Final = 64
"""Longest label of a choice that every channel shows whole."""

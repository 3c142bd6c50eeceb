"""What the public API shows of a case: pure projections of the core into plain JSON values, described by openapi.json.

No I/O, no clock, no wording of its own beside labels. A member that has nothing to say is absent, where it may be.
"""

"""Channels: they lay out what the core says, and turn what they see into content. No logic of their own."""

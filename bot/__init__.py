"""Antragslotse: walks people through an application for public aid, in chat."""

__version__ = "0.1.0"

"""The chat page without JavaScript: server-rendered, one question a page, and the pages that the law wants.

Knows the desk, the shapes of the public API and HTTP. Its DOM is written down in docs/page.md.
"""

from bot.web.page.routes import setup_pages

__all__ = ["setup_pages"]

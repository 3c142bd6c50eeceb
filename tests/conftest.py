"""Figures that a test found (``record_property("figures", ...)``) are shown at the end of the run.

``pytest --accept tests/conversations`` rewrites the ``bot:`` lines of scripts from what was really said.
"""


def pytest_addoption(parser):
    parser.addoption("--accept", action="store_true", help="rewrite what the assistant says in conversation scripts")


def pytest_terminal_summary(terminalreporter):
    reports = terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
    figures = [text for report in reports for name, text in report.user_properties if name == "figures"]
    if figures:
        terminalreporter.section("figures")
        for text in sorted(figures):
            terminalreporter.write_line(text)

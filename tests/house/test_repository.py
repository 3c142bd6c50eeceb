"""The repository around the code: what a stranger meets first."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROCESSES = {"web": "antragslotse serve --port $PORT", "worker": "antragslotse work", "release": "antragslotse migrate"}

REGISTRY = re.compile(
    r"(index-url|find-links|registry\.npm|files\.pythonhosted|(pypi|npmjs)\.\w+/simple|https?://pypi)"
)
HOME = re.compile(r"(?<![\w./-])/(work|home|root|Users|builds)/\w+")


def tracked() -> list[Path]:
    """Everything that belongs to the repository. In an unpacked archive: everything that is not built."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    built = {"__pycache__", "data", "build", "dist", "node_modules"}
    paths = (path for path in ROOT.rglob("*") if path.is_file())
    return [path for path in paths if not built & set(path.parts) and not re.search(r"/\.(?!ci|edit|git)", str(path))]


def texts() -> list[tuple[Path, str]]:
    found = []
    for path in tracked():
        data = path.read_bytes()
        if b"\0" not in data and path != Path(__file__):
            found.append((path, data.decode("utf-8")))
    return found


def test_no_registry_and_no_machine_is_named():
    options = {"Makefile"}  # tells the resolver to name none
    named = [path.name for path, text in texts() if REGISTRY.search(text.replace("--no-emit-index-url", ""))]
    assert [name for name in named if name not in options] == []
    assert [path.name for path, text in texts() if HOME.search(text)] == []


def test_texts_end_with_one_line_end_and_have_no_stray_blanks():
    for path, text in texts():
        if path.suffix in (".py", ".md", ".toml", ".yaml", ".json", ".sql", ".txt", ""):
            assert text == "" or (text.endswith("\n") and not text.endswith("\n\n")), path
            assert "\r" not in text, path
            assert "\t" not in text or path.name == "Makefile", path


def test_requirements_are_hashed_and_name_every_dependency():
    for name in ("run", "dev", "lock"):
        lock = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
        pinned = re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE)
        assert lock.count("--hash=sha256:") >= len(pinned) > 0
        wanted = (ROOT / "requirements" / f"{name}.in").read_text("utf-8").lower().split("\n")
        assert {line for line in wanted if line and not line.startswith("-r")} <= set(pinned)


def test_the_project_and_its_requirements_name_the_same_dependencies():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = {re.split(r"[<>=!~ ]", dependency)[0] for dependency in project["dependencies"]}
    assert named == set((ROOT / "requirements" / "run.in").read_text("utf-8").split())


def test_each_dependency_is_argued():
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    for name in (ROOT / "requirements" / "run.in").read_text("utf-8").split():
        assert f"| `{name}` |" in text, name


def test_the_readme_shows_a_picture_and_the_two_commands():
    text = (ROOT / "README.md").read_text("utf-8")
    assert "\nmake run\n" in text
    assert "\nmake test\n" in text
    assert text.index("![") < text.index("make run")


def test_links_between_our_pages_lead_somewhere():
    for path, text in texts():
        if path.suffix == ".md":
            for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", text):
                assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_every_decision_is_in_the_index_and_dated():
    folder = ROOT / "docs" / "adr"
    index = (folder / "README.md").read_text("utf-8")
    decisions = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    assert [path.name[:4] for path in decisions] == [f"{n:04d}" for n in range(1, len(decisions) + 1)]
    for path in decisions:
        text = path.read_text("utf-8")
        assert f"({path.name})" in index, path.name
        assert re.search(r"^\d{4}-\d{2}-\d{2} · (accepted|replaced by \d{4})$", text, re.MULTILINE), path.name
        assert "## Regret" in text, path.name


def test_the_procfile_names_three_processes():
    lines = (ROOT / "Procfile").read_text("utf-8").splitlines()
    assert dict(line.split(": ", 1) for line in lines) == PROCESSES


def test_continuous_integration_runs_the_readmes_command():
    script = ROOT / ".ci" / "run"
    assert script.read_text("utf-8").rstrip().endswith("\nmake test")
    assert script.stat().st_mode & 0o111


def test_the_licence_is_whole():
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    articles = [int(number) for number in re.findall(r"^(\d+)\.\w", text, re.MULTILINE)]
    assert articles == list(range(1, 16))
    assert "Appendix" in text

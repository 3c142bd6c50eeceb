"""The folder of dialogs: one reader for the start, for ``check`` and for ``publish``."""

import shutil
from pathlib import Path

import pytest

from bot.dialogs import LOCK, read_dialogs
from bot.library import Library, UnknownProcedure
from bot.procedures.check.versions import written_lock
from bot.procedures.errors import DialogErrors
from bot.procedures.load import content_hash, load_procedure
from bot.procedures.schema import FILE, submission_schema, written
from bot.settings import Settings
from bot.wiring import load_sources
from bot.workshop.lint import lint
from bot.workshop.publish import publish

TINY = Path(__file__).parents[1] / "dialogs" / "tiny"


@pytest.fixture
def dialogs(tmp_path: Path) -> Path:
    """A folder with one procedure that municipalities fill."""
    shutil.copytree(TINY / "municipal", tmp_path / "dialogs" / "municipal")
    return tmp_path / "dialogs"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def refused(dialogs: Path) -> list[str]:
    with pytest.raises(DialogErrors) as caught:
        load_sources(dialogs)
    return [str(error).removeprefix(f"{dialogs}/") for error in caught.value.errors]


def newer(dialogs: Path, version: str = "2026-02") -> Path:
    """A newer version that wants one parameter more."""
    folder = dialogs / "municipal" / version
    shutil.copytree(dialogs / "municipal" / "2026-01", folder)
    change(folder / "dialog.yaml", "version: 2026-01", f"version: {version}")
    change(
        folder / "dialog.yaml",
        "parameters:\n",
        "parameters:\n  - id: zimmer\n    kind: short_text\n    label: Zimmer\n",
    )
    return folder


# -- municipalities --------------------------------------------------------------------------------------------------


def test_a_municipalitys_file_is_for_the_newest_version_alone(dialogs):
    newer(dialogs)
    change(dialogs / "municipal" / "municipalities" / "musterstadt.yaml", "values:\n", "values:\n  zimmer: 12\n")
    sources, municipalities = load_sources(dialogs)
    assert [source.procedure.version for source in sources] == ["2026-01", "2026-02"]
    assert [file.municipality.municipality for file in municipalities] == ["musterstadt"]
    assert Library(sources, municipalities).parameters("municipal", "musterstadt")["zimmer"] == "12"


def test_what_the_newest_version_wants_must_be_filled(dialogs):
    newer(dialogs)
    place = "municipal/municipalities/musterstadt.yaml:5"
    assert refused(dialogs) == [f"{place}: parameter 'zimmer' has no value and no default"]


def test_the_start_looks_at_a_municipalitys_own_name(dialogs):
    folder = dialogs / "municipal" / "municipalities"
    (folder / "musterstadt.yaml").rename(folder / "anderswo.yaml")
    place = "municipal/municipalities/anderswo.yaml:1"
    assert refused(dialogs) == [f"{place}: municipality 'musterstadt' is in anderswo.yaml"]


def test_own_texts_of_a_municipality_are_refused_because_nobody_would_say_them(dialogs):
    path = dialogs / "municipal" / "municipalities" / "musterstadt.yaml"
    path.write_text(path.read_text("utf-8") + "texts:\n  municipal.anschrift.ask: Wo?\n", "utf-8")
    (error,) = refused(dialogs)
    assert error.startswith("municipal/municipalities/musterstadt.yaml:12: ")
    assert "'texts'" in error


# -- versions.lock ---------------------------------------------------------------------------------------------------


def lock(dialogs: Path, name: str, hash: str) -> None:
    (dialogs / LOCK).write_text(written_lock({name: hash}), "utf-8")


def test_the_start_refuses_a_published_version_that_changed(dialogs):
    lock(dialogs, "municipal/2026-01", content_hash(dialogs / "municipal" / "2026-01"))
    assert load_sources(dialogs)[0]
    change(dialogs / "municipal" / "2026-01" / "dialog.yaml", "title: Von jeder Stadt anders", "title: Anderes")
    message = "municipal/2026-01 is published and may not change; copy it to a new version"
    assert refused(dialogs) == [f"municipal/2026-01/dialog.yaml:2: {message}"]


def test_the_start_refuses_where_a_published_version_is_gone(dialogs):
    lock(dialogs, "municipal/2025-12", "0" * 64)
    assert refused(dialogs) == ["versions.lock: municipal/2025-12 is published, and its folder is gone"]


def test_a_broken_lock_is_told_with_all_other_mistakes(dialogs):
    (dialogs / LOCK).write_text("# published\nmunicipal 12\n", "utf-8")
    change(dialogs / "municipal" / "2026-01" / "dialog.yaml", "version: 2026-01", "version: 2026-07")
    assert [error.partition(": ")[0] for error in refused(dialogs)] == [
        "municipal/2026-01/dialog.yaml:2",
        "versions.lock:2",
    ]


# -- publish ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def house(dialogs: Path) -> Settings:
    """Settings for dialogs without a mistake: the schema is written, and no language wants translations."""
    folder = dialogs / "municipal" / "2026-01"
    (folder / FILE).write_text(written(submission_schema(load_procedure(folder))), "utf-8")
    return Settings(dialogs=dialogs, locales=dialogs.parent / "locales", data=dialogs.parent / "data")


def test_publishing_writes_one_line_and_keeps_what_was_there(house):
    path = house.dialogs / LOCK
    path.write_text(f"# by hand\nolder/2020-01 {'0' * 64}", "utf-8")
    assert publish(house, "municipal") == "municipal/2026-01 is published"
    hash = content_hash(house.dialogs / "municipal" / "2026-01")
    assert path.read_text("utf-8") == f"# by hand\nolder/2020-01 {'0' * 64}\nmunicipal/2026-01 {hash}\n"
    assert publish(house, "municipal") == "municipal/2026-01 is published already"
    assert path.read_text("utf-8").count("municipal/2026-01") == 1


def test_only_the_newest_version_is_published(house):
    folder = newer(house.dialogs)
    change(house.dialogs / "municipal" / "municipalities" / "musterstadt.yaml", "values:\n", "values:\n  zimmer: 12\n")
    (folder / FILE).write_text(written(submission_schema(load_procedure(folder))), "utf-8")
    assert publish(house, "municipal") == "municipal/2026-02 is published"
    assert "2026-01 " not in (house.dialogs / LOCK).read_text("utf-8")


def test_nothing_with_a_mistake_is_published(house):
    (house.dialogs / "municipal" / "2026-01" / FILE).unlink()
    with pytest.raises(DialogErrors, match=r"submission\.schema\.json"):
        publish(house, "municipal")
    assert not (house.dialogs / LOCK).exists()


def test_a_published_version_that_changed_is_not_published_again(house):
    lock(house.dialogs, "municipal/2026-01", "0" * 64)
    with pytest.raises(DialogErrors, match="copy it to a new version"):
        publish(house, "municipal")


def test_publishing_what_is_not_there(house):
    with pytest.raises(UnknownProcedure, match="did you mean 'municipal'"):
        publish(house, "municipall")


# -- check -----------------------------------------------------------------------------------------------------------


def test_check_names_a_similar_procedure(house, capsys):
    assert lint(house, ["municipall"]) == 1
    assert "there is no such procedure; did you mean 'municipal'?" in capsys.readouterr().out


def test_only_named_procedures_are_read(dialogs):
    shutil.copytree(TINY / "choices", dialogs / "choices")
    assert [dialog.source.procedure.procedure for dialog in read_dialogs(dialogs, ["choices"]).dialogs] == ["choices"]
    assert len(read_dialogs(dialogs).dialogs) == 2

"""Following the files of a collection, look by look."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.collection import Collection, save_collection
from index.errors import BusyIndex
from index.report import Report
from index.store import Home
from qa import Assistant
from tests.fakes import HashEmbedder
from ui.watch import follow, stamps

TEXT = "Le maire de Dosso a ouvert une école lundi dernier."


class SteppedHome(Home):
    """A home where something happens to the files before each look: a look begins by asking for the collection."""

    def __init__(self, folder: Path, steps: list[Callable[[], object]]) -> None:
        super().__init__(folder)
        self.steps = steps
        self.looking = False

    @property
    def collection_file(self) -> Path:
        if self.looking and self.steps:
            self.steps.pop(0)()
        return super().collection_file


class SteppedAssistant(Assistant):
    """An assistant whose own work does not count as a look, and that fails as often as told."""

    home: SteppedHome
    failures = 0
    updates = 0

    def update(self, *arguments: object, **named: object) -> Report:
        self.updates += 1
        if self.failures:
            self.failures -= 1
            raise BusyIndex("another griot is updating; wait until it has finished")
        self.home.looking = False
        report = super().update()
        self.home.looking = True
        return report


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.watch.INTERVAL", 0.0)


def watched(tmp_path: Path, steps: list[Callable[[], object]]) -> tuple[SteppedAssistant, Path]:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text(TEXT)
    Assistant.from_paths([docs], home=tmp_path / "home", embedder=HashEmbedder())
    assistant = SteppedAssistant(SteppedHome(tmp_path / "home", [lambda: None, *steps]), HashEmbedder())
    assistant.home.looking = True
    return assistant, docs


def nothing() -> None:
    pass


def test_nothing_changes_nothing_is_done(tmp_path: Path) -> None:
    assistant, _ = watched(tmp_path, [])
    reports: list[Report] = []
    follow(assistant, reports.append, looks=4)
    assert (reports, assistant.updates) == ([], 0)


@pytest.mark.parametrize(("looks", "taken"), [(1, 0), (2, 1), (4, 1)])
def test_a_new_file_is_taken_up_at_the_look_after_the_one_that_saw_it(tmp_path: Path, looks: int, taken: int) -> None:
    assistant, docs = watched(tmp_path, [])
    assistant.home.steps += [lambda: (docs / "b.txt").write_text(TEXT)]
    reports: list[Report] = []
    follow(assistant, reports.append, looks=looks)
    assert [report.added for report in reports] == [(f"{docs}/b.txt",)] * taken


def test_a_change_is_reported_once(tmp_path: Path) -> None:
    assistant, docs = watched(tmp_path, [])
    assistant.home.steps += [
        lambda: (docs / "b.txt").write_text(TEXT),
        nothing,
        nothing,
        (docs / "a.txt").unlink,
        nothing,
        nothing,
    ]
    reports: list[Report] = []
    follow(assistant, reports.append, looks=6)
    assert [(report.added, report.removed) for report in reports] == [((f"{docs}/b.txt",), ()), ((), (f"{docs}/a.txt",))]


def test_a_file_still_being_written_waits(tmp_path: Path) -> None:
    assistant, docs = watched(tmp_path, [])
    new = docs / "b.txt"
    assistant.home.steps += [lambda: new.write_text(TEXT), lambda: new.write_text(TEXT * 2), lambda: new.write_text(TEXT * 3)]
    reports: list[Report] = []
    follow(assistant, reports.append, looks=3)
    assert reports == []


def test_after_an_error_it_goes_on_and_tries_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assistant, docs = watched(tmp_path, [])
    assistant.failures = 1
    assistant.home.steps += [lambda: (docs / "b.txt").write_text(TEXT)]
    reports: list[Report] = []
    follow(assistant, reports.append, looks=5)
    assert capsys.readouterr().err == "griot: another griot is updating; wait until it has finished\n"
    assert [report.added for report in reports] == [(f"{docs}/b.txt",)]


def test_stamps_are_of_the_files_that_are_there(tmp_path: Path) -> None:
    assistant, docs = watched(tmp_path, [])
    assert {path: size for path, (_, size) in stamps(assistant).items()} == {f"{docs}/a.txt": len(TEXT.encode())}
    save_collection(Collection(roots=Collection().with_paths([docs]).roots), assistant.home.collection_file)
    (docs / "a.txt").unlink()
    (docs / "gone.txt").symlink_to("nowhere.txt")
    assert stamps(assistant) == {}

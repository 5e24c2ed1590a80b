"""One work at a time, watched, cancelled, and its end told."""

import threading
from collections.abc import Callable

import pytest

from index.errors import CollectionError
from index.report import Report, Watcher
from ui.manage.job import Job


def test_a_work_is_watched_to_its_end() -> None:
    job = Job()
    half, go_on = threading.Event(), threading.Event()

    def work(watcher: Watcher) -> Report:
        watcher.start("read", 4)
        watcher.advance(2)
        half.set()
        go_on.wait(10)
        watcher.advance(2)
        return Report(added=("a",))

    assert job.start(work)
    half.wait(10)
    state = job.state()
    assert (state.running, state.stage, state.done, state.total, state.number) == (True, "read", 2, 4, 1)
    assert not job.start(work)
    go_on.set()
    job.wait(10)
    state = job.state()
    assert (state.running, state.report, state.failure, state.cancelled) == (False, Report(added=("a",)), None, False)


def test_a_work_ends_at_the_step_after_it_is_cancelled() -> None:
    job = Job()
    begun, go_on = threading.Event(), threading.Event()
    done: list[int] = []

    def work(watcher: Watcher) -> Report:
        for step in range(3):
            watcher.advance(1)
            done.append(step)
            begun.set()
            go_on.wait(10)
        return Report()

    job.start(work)
    begun.wait(10)
    job.cancel()
    assert job.state().cancelling
    go_on.set()
    job.wait(10)
    assert (job.state().cancelled, job.state().running, done) == (True, False, [0])
    assert job.start(lambda watcher: Report())


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        pytest.param(CollectionError("nothing there"), "nothing there", id="foreseen"),
        pytest.param(ZeroDivisionError("x"), "", id="unforeseen"),
    ],
)
def test_a_work_that_fails_says_why_and_the_next_can_begin(error: Exception, failure: str) -> None:
    job = Job()

    def work(watcher: Watcher) -> Report:
        raise error

    job.start(work)
    job.wait(10)
    assert (job.state().failure, job.state().running) == (failure, False)
    assert job.start(lambda watcher: Report())
    job.wait(10)
    assert job.state().failure is None


def test_cancelling_nothing_cancels_no_later_work() -> None:
    job = Job()
    job.cancel()

    def work(watcher: Watcher) -> Report:
        watcher.advance(1)
        return Report()

    job.start(work)
    job.wait(10)
    assert not job.state().cancelled


def test_works_wait_for_their_turn() -> None:
    job = Job()
    go_on = threading.Event()
    done: list[str] = []

    def work(name: str) -> Callable[[Watcher], Report]:
        def run(watcher: Watcher) -> Report:
            go_on.wait(10)
            watcher.advance(1)
            done.append(name)
            return Report()

        return run

    assert [job.then(work(name)) for name in "abc"] == [True, False, False]
    go_on.set()
    job.wait(10)
    assert (done, job.state().number, job.state().running) == (["a", "b", "c"], 3, False)


def test_cancelling_begins_none_that_waits() -> None:
    job = Job()
    go_on = threading.Event()
    done: list[int] = []

    def work(watcher: Watcher) -> Report:
        go_on.wait(10)
        watcher.advance(1)
        done.append(1)
        return Report()

    job.then(work)
    job.then(work)
    job.cancel()
    go_on.set()
    job.wait(10)
    assert (done, job.state().cancelled, job.state().number) == ([], True, 1)

"""Sessions end, and limits let clients on again after a while."""

from ui.access.limits import Limit
from ui.access.sessions import IDLE, LONGEST, Sessions


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_session_is_found_by_its_token_alone() -> None:
    sessions = Sessions(Clock())
    token = sessions.begin("awa", "hash")
    found = sessions.find(token)
    assert found is not None
    assert found.name == "awa"
    assert sessions.find(token[:-1]) is None
    assert sessions.find("") is None


def test_every_login_has_a_token_of_its_own() -> None:
    sessions = Sessions(Clock())
    tokens = {sessions.begin("awa", "hash") for _ in range(50)}
    assert len(tokens) == 50
    assert min(map(len, tokens)) == 43


def test_an_unused_session_ends_and_a_used_one_goes_on() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    idle, used = sessions.begin("awa", "hash"), sessions.begin("idi", "hash")
    clock.now += IDLE - 1
    assert sessions.find(used) is not None
    clock.now += 2
    assert sessions.find(idle) is None
    assert sessions.find(used) is not None


def test_no_session_lasts_for_ever() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    token = sessions.begin("awa", "hash")
    while clock.now < 1_000 + LONGEST - IDLE / 2:
        clock.now += IDLE / 2
        assert sessions.find(token) is not None
    clock.now += IDLE / 2 + 1
    assert sessions.find(token) is None


def test_an_ended_session_is_over() -> None:
    sessions = Sessions(Clock())
    token = sessions.begin("awa", "hash")
    sessions.end(token)
    sessions.end("never begun")
    assert sessions.find(token) is None


def test_a_client_that_asks_too_often_waits_and_harms_no_other() -> None:
    clock = Clock()
    limit = Limit(per_minute=60, burst=2, clock=clock)
    assert [limit.take("a") for _ in range(3)] == [0.0, 0.0, 1.0]
    assert limit.take("b") == 0.0
    clock.now += 0.5
    assert limit.take("a") == 0.5
    clock.now += 0.5
    assert limit.take("a") == 0.0

import pytest
from starlette.requests import Request

from ui.language import cookie, language_of


def request(query: str = "", **headers: str) -> Request:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "query_string": query.encode(), "headers": named})


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        pytest.param(request(), "fr", id="nothing_said"),
        pytest.param(request(accept_language="en-GB"), "en", id="browser"),
        pytest.param(request(accept_language="en-GB", cookie="griot-language=fr"), "fr", id="chosen_before"),
        pytest.param(request("lang=en", accept_language="fr", cookie="griot-language=fr"), "en", id="chosen_now"),
        pytest.param(request("lang=de", cookie="griot-language=es", accept_language="en"), "en", id="neither_is_ours"),
        pytest.param(request("lang=<script>", cookie="a=b; c"), "fr", id="hostile"),
    ],
)
def test_the_language_of_a_request(asked: Request, language: str) -> None:
    assert language_of(asked) == language


def test_a_choice_is_kept_for_a_year() -> None:
    assert cookie("en") == "griot-language=en; Path=/; Max-Age=31536000; SameSite=Lax"

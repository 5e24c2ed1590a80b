"""What tells two models apart, and an altered one from its original."""

import subprocess
from pathlib import Path

import pytest

from index.digest import altered, digests, fingerprint, write_listing


def small_model(folder: Path) -> Path:
    folder.mkdir()
    (folder / "modules.json").write_text("[]")
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "README.md").write_text("About.")
    return folder


def test_the_fingerprint_changes_with_the_files_that_decide_the_vectors(tmp_path: Path) -> None:
    folder = small_model(tmp_path / "model")
    first = fingerprint(folder)
    (folder / "README.md").write_text("Other words.")
    assert fingerprint(folder) == first
    (folder / "model.safetensors").write_bytes(b"weightS")
    second = fingerprint(folder)
    (folder / "config.json").write_text("{}")
    third = fingerprint(folder)
    (folder / "config.json").rename(folder / "other.json")
    fourth = fingerprint(folder)
    assert len({first, second, third, fourth, fingerprint(folder, "query: ")}) == 5


def test_the_fingerprint_does_not_depend_on_the_place(tmp_path: Path) -> None:
    assert fingerprint(small_model(tmp_path / "one")) == fingerprint(small_model(tmp_path / "two"))


def test_the_listing_is_one_that_sha256sum_checks(tmp_path: Path) -> None:
    folder = small_model(tmp_path / "model")
    path = write_listing(folder)
    assert path == tmp_path / "model.sha256"
    assert list(digests(folder)) == ["model.safetensors", "modules.json"]
    ran = subprocess.run(["sha256sum", "--check", "--strict", path.name], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["model/model.safetensors: OK", "model/modules.json: OK"]
    assert altered(folder) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(lambda f: (f / "model.safetensors").write_bytes(b"weightS"), ["model.safetensors"], id="altered"),
        pytest.param(lambda f: (f / "modules.json").unlink(), ["modules.json"], id="missing"),
        pytest.param(lambda f: (f / "config.json").write_text("{}"), ["config.json"], id="added"),
        pytest.param(lambda f: (f / "README.md").unlink(), [], id="not_decisive"),
        pytest.param(lambda f: f.with_name("model.sha256").unlink(), ["model.sha256"], id="no_listing"),
        pytest.param(lambda f: f.with_name("model.sha256").write_text("x"), ["model.sha256"], id="listing_garbled"),
        pytest.param(lambda f: f.with_name("model.sha256").write_bytes(b"\xff"), ["model.sha256"], id="listing_binary"),
    ],
)
def test_altered_files_are_named(tmp_path: Path, change: object, expected: list[str]) -> None:
    folder = small_model(tmp_path / "model")
    write_listing(folder)
    assert callable(change)
    change(folder)
    assert altered(folder) == expected

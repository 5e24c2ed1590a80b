"""The surface and the shape of the code."""

import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

import index.errors
import qa
from index.errors import GriotError
from tests.paths import ROOT

PACKAGES = ("index", "qa", "ui")
# What each package may import of the three.
ALLOWED = {"index": {"index"}, "qa": {"qa", "index"}, "ui": {"ui", "qa", "index"}}
HEAVY = ("torch", "sentence_transformers", "gradio", "langchain_text_splitters", "transformers", "pandas", "sklearn", "fastapi", "scipy")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the direction"
            yield node.module or ""


@pytest.mark.parametrize("path", SOURCES, ids=[path.relative_to(ROOT).as_posix() for path in SOURCES])
def test_imports_go_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    used = {name.partition(".")[0] for name in imported(path)}
    assert used & {*PACKAGES, "tests"} <= ALLOWED[package]


@pytest.mark.parametrize("path", SOURCES, ids=[path.relative_to(ROOT).as_posix() for path in SOURCES])
def test_every_module_says_what_it_is_and_pickles_nothing(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if path.stat().st_size:
        assert ast.get_docstring(tree)
    assert not {"pickle", "marshal", "shelve", "joblib", "dill"} & {name.partition(".")[0] for name in imported(path)}
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            assert isinstance(node.value, ast.Constant)
            assert node.value.value is False


@pytest.mark.parametrize("module", ["index", "index.build", "qa", "qa.evaluate", "ui.cli", "ui.watch"])
def test_importing_loads_nothing_heavy(module: str) -> None:
    program = f"import sys, {module}\nprint(*sorted(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=True)
    loaded = {name.partition(".")[0] for name in ran.stdout.split()}
    assert module.partition(".")[0] in loaded
    assert not loaded & set(HEAVY)


def test_every_error_is_a_griot_error_and_drawn_in_the_tree() -> None:
    errors = [item for item in vars(index.errors).values() if isinstance(item, type) and issubclass(item, BaseException)]
    assert len(errors) >= 10
    for error in errors:
        assert issubclass(error, GriotError)
        assert error.__doc__
        assert error.__name__ in (index.errors.__doc__ or "")


def test_no_error_is_defined_elsewhere() -> None:
    for path in SOURCES:
        if path == ROOT / "index" / "errors.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                assert not {base for base in bases if base.endswith(("Error", "Exception"))}, f"{path}: {node.name}"


def test_the_public_names_are_those_exported() -> None:
    assert sorted(qa.__all__) == qa.__all__
    public = {name for name, item in vars(qa).items() if isinstance(item, type)}
    assert public == set(qa.__all__)
    for name in qa.__all__:
        assert getattr(qa, name).__doc__


def test_every_package_and_its_data_are_shipped() -> None:
    setup = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    listed = set(setup["packages"])
    for path in SOURCES:
        assert ".".join(path.relative_to(ROOT).parent.parts) in listed, f"{path} is in no listed package"
    patterns = [f"{package}/{pattern}" for package, names in setup["package-data"].items() for pattern in names]
    for package in (*PACKAGES, "seeds"):
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and path.suffix not in (".py", ".pyc", ".png"):  # the README's picture is not shipped
                name = path.relative_to(ROOT).as_posix()
                assert any(fnmatch(name, pattern) for pattern in patterns), f"{name} is not in package-data"


def test_the_guard_stops_a_connection() -> None:
    import socket

    with pytest.raises(RuntimeError, match="a test tried to connect"), socket.socket() as sock:
        sock.connect(("192.0.2.1", 80))
    with pytest.raises(RuntimeError, match="a test tried to look up"):
        socket.getaddrinfo("exemple.bj", 80)

"""Damaged files of every kind: articles, reasons or `ArticleError`, and nothing else. `tests.bench.fuzz` tries many more."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.document import Document, Unread
from index.errors import ArticleError
from index.read import read_documents
from tests.index.readers.mutate import mutate_file
from tests.index.readers.samples import SAMPLES

BEGINNINGS = (b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\x1f\x8b\x08\0", b"WARC/1.0\r\n", b"<html>", b"{", b"text;id\n", b"\xff\xfe")


def check(path: Path) -> None:
    try:
        for found in read_documents(path):
            assert isinstance(found, (Document, Unread))
            found.record.encode()
            if isinstance(found, Document):
                assert found.text.strip()
                found.text.encode()
            else:
                assert found.reason
    except ArticleError:
        return


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_changed_files(tmp_path: Path, name: str, seed: int) -> None:
    random = Random(seed)
    (tmp_path / name).write_bytes(mutate_file(SAMPLES[name](), SAMPLES["page.html"](), random))
    check(tmp_path / name)


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(begin=st.sampled_from(BEGINNINGS), data=st.binary(max_size=300))  # fmt: skip
def test_any_bytes(tmp_path: Path, name: str, begin: bytes, data: bytes) -> None:
    (tmp_path / name).write_bytes(begin + data)
    check(tmp_path / name)

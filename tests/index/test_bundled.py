"""The model that comes with Griot, as it is shipped."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from index.build import update
from index.digest import altered
from index.embed import bundled_model, open_model
from index.locate import BUNDLED, BUNDLED_FOLDER
from index.store import Home
from tests.paths import ROOT, SEEDS

TEXTS = [
    "Quel accord militaire a été signé à Niamey ?",
    "Which military agreement was signed in Niamey?",
    "L’A.E.S. compte 2 600 hommes ; ŒUVRE, naïveté, États-Unis…",
    "",
    "😀",
    "智利的天气很好。",
    "mot " * 3_000,
]


def test_it_is_small_whole_and_the_default() -> None:
    files = [path for path in BUNDLED_FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 16_000_000
    assert {path.name for path in files} == {
        "README.md", "config_sentence_transformers.json", "model.safetensors", "modules.json", "tokenizer.json",
    }  # fmt: skip
    assert altered(BUNDLED_FOLDER) == []
    assert open_model() is open_model(BUNDLED) is bundled_model()


def test_sentence_transformers_gives_the_same_vectors() -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(BUNDLED_FOLDER), device="cpu").encode(TEXTS, convert_to_numpy=True).astype(np.float32)
    theirs /= np.linalg.norm(theirs, axis=1, keepdims=True).clip(1e-9)
    ours = open_model().encode_documents(TEXTS)
    # Theirs are summed in float16.
    np.testing.assert_allclose(ours, theirs, atol=2e-3)
    assert not ours[3:6].any()
    np.testing.assert_allclose(open_model().encode_query(TEXTS[0]), ours[0], atol=1e-6)


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        pytest.param("l'armée quitte le pays", "Les soldats se retirent du territoire.", "Le marché ouvre à midi.", id="other_words"),
        pytest.param("the soldiers leave the country", "Les soldats quittent le pays.", "Les élèves quittent l'école.", id="english"),
        pytest.param("ÉLECTIONS", "elections", "éleveurs", id="spelling"),
        pytest.param("Gbehanzin Tossoukpe", "Le roi Gbehanzin Tossoukpe est mort.", "Le roi Kpengla est mort.", id="name_never_seen"),
    ],
)
def test_what_means_the_same_lies_nearer(question: str, near: str, far: str) -> None:
    asked, close, other = open_model().encode_documents([question, near, far])
    assert asked @ close > asked @ other + 0.1


def test_a_question_loads_nothing_heavy(tmp_path: Path) -> None:
    update(Home(tmp_path), open_model(), [SEEDS])
    program = (
        "import sys\nfrom ui.cli import main\n"
        f"main(['ask', 'Quel accord a été signé ?', '--home', {str(tmp_path)!r}])\n"
        "print('loaded', *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    run = partial(subprocess.run, capture_output=True, text=True, timeout=120, check=True)
    ran = run([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": str(ROOT)})
    loaded = set(ran.stdout.rpartition("loaded")[2].split())
    assert {"tokenizers", "faiss"} <= loaded
    heavy = {"torch", "transformers", "sentence_transformers", "gradio", "langchain_text_splitters", "huggingface_hub", "scipy", "sklearn"}
    assert not loaded & heavy

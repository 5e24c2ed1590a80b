"""The training itself: in each batch every question must find its own passage among all of them, and every passage its question.

The loss is the cross-entropy over cosines within the batch (Henderson et al., 2017; as InfoNCE, van den Oord et al., 2018).
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from index.files import write_atomically
from index.training.batches import Batches, Rows
from index.vectors import FloatMatrix

SMOOTHING: Final = 3e-4
"""The a of a / (a + p), by which frequent tokens start short (Arora et al., 2017)."""
WARMUP: Final = 50
PLACED: Final = 150
"""Steps between two looks at where the articles lie."""
SAVED: Final = 250
"""Steps between two savings of the progress."""
TOLD: Final = 100
"""Steps between two lines of a log."""
_PROGRESS: Final = "progress.safetensors"

Tell = Callable[[int, str, float], None]
"""Told after each step how many are done, the kind of the batch and its loss."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a training depends on beside its data. Of temperatures 0.03, 0.05 and 0.07 the middle one does best."""

    rows: int = 14_500
    pieces: int = 4_000
    dimension: int = 512
    steps: int = 1_300
    batch: int = 768
    temperature: float = 0.05
    rate: float = 0.01
    seed: int = 1


def train(
    batches: Batches, start: FloatMatrix, options: Options, draft: Path, saved: int = SAVED, tell: Tell = lambda *_: None
) -> FloatMatrix:
    """The trained table, of the shape of `start`.

    Progress is kept in the folder `draft` every `saved` steps and at the end; a training with the same data and options goes on from
    it. The caller removes it, once the table is safe.
    """
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    counts = batches.counts()
    share = (counts / max(counts.sum(), 1))[:, None]
    made_of = _digest(batches, start, options)
    kept: Mapping[str, Any] = _resumed(draft, made_of) or {
        "table": start * (SMOOTHING / (SMOOTHING + share)),
        "step": np.zeros(1, np.int64),
    }
    table = torch.nn.Parameter(torch.from_numpy(np.array(kept["table"], np.float32)).to(device))
    optimiser = torch.optim.Adam([table], lr=options.rate)
    first, placed = int(kept["step"][0]), kept.get("placed")
    if first:
        mean, square = (torch.from_numpy(kept[name]).to(device) for name in ("mean", "square"))
        optimiser.state[table] = {"step": torch.tensor(float(first)), "exp_avg": mean, "exp_avg_sq": square}
    if placed is not None:
        batches.place(placed)
    with _progress(options.steps, first) as say:
        for step in range(first, options.steps):
            if step and step % PLACED == 0:
                placed = table.detach().cpu().numpy().copy()
                batches.place(placed)
            optimiser.param_groups[0]["lr"] = options.rate * min(1, (step + 1) / WARMUP) * (1 - 0.95 * step / options.steps)
            kind, pairs = batches.draw(step)
            optimiser.zero_grad()
            value = _loss(table, *pairs, options.temperature)
            value.backward()
            optimiser.step()
            say(step + 1, kind, value.item())
            tell(step + 1, kind, value.item())
            if (step + 1) % saved == 0 or step + 1 == options.steps:
                state = optimiser.state[table]
                arrays = {"table": table.detach(), "mean": state["exp_avg"], "square": state["exp_avg_sq"]}
                found = {name: array.cpu().numpy() for name, array in arrays.items()} | {"step": np.array([step + 1])}
                _save(draft, made_of, found | ({} if placed is None else {"placed": placed}))
    trained: FloatMatrix = table.detach().cpu().numpy()
    return trained


def _loss(table: Any, questions: Sequence[Rows], passages: Sequence[Rows], temperature: float) -> Any:
    import torch
    from torch.nn import functional

    def encoded(texts: Sequence[Rows]) -> Any:
        starts = np.cumsum([0, *(len(rows) for rows in texts[:-1])])
        flat, offsets = torch.from_numpy(np.concatenate(texts)), torch.from_numpy(starts)
        return functional.normalize(functional.embedding_bag(flat.to(table.device), table, offsets.to(table.device), mode="mean"))

    likeness = encoded(questions) @ encoded(passages).T / temperature
    right = torch.arange(len(likeness), device=table.device)
    return (functional.cross_entropy(likeness, right) + functional.cross_entropy(likeness.T, right)) / 2


def _digest(batches: Batches, start: FloatMatrix, options: Options) -> str:
    """What the progress is of: the same data and options make the same batches and tables."""
    digest = hashlib.sha256(json.dumps(asdict(options)).encode())
    digest.update(batches.digest.encode())
    digest.update(np.ascontiguousarray(start).tobytes())
    return digest.hexdigest()


def _save(draft: Path, made_of: str, arrays: Mapping[str, Any]) -> None:
    from safetensors.numpy import save

    draft.mkdir(parents=True, exist_ok=True)
    write_atomically(draft / _PROGRESS, save({name: np.ascontiguousarray(array) for name, array in arrays.items()}, {"of": made_of}))


def _resumed(draft: Path, made_of: str) -> Mapping[str, Any] | None:
    """The progress of a training of the same data and options, or None."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(draft / _PROGRESS, framework="numpy") as file:
            same = (file.metadata() or {}).get("of") == made_of
            return {name: file.get_tensor(name) for name in file.keys()} if same else None  # noqa: SIM118
    except (OSError, SafetensorError):
        return None


@contextmanager
def _progress(steps: int, first: int) -> Iterator[Any]:
    """A bar on standard error; what it yields is told the step, the kind of its batch and the loss."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    losses: dict[str, float] = {}
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("training", total=steps, completed=first)

        def say(step: int, kind: str, loss: float) -> None:
            losses[kind] = 0.9 * losses.get(kind, loss) + 0.1 * loss
            told = " ".join(f"{name} {value:.2f}" for name, value in sorted(losses.items()))
            bar.update(task, completed=step, description=told)
            # A bar moves on terminals only; a log has lines.
            if step % TOLD == 0 and not bar.console.is_terminal:
                bar.console.print(f"{step}: {told}", soft_wrap=True)

        yield say

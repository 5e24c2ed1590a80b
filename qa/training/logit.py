"""The conditional logit (McFadden, 1974): coefficients under which the right of each list are the likeliest to be chosen."""

from collections.abc import Sequence

import numpy as np

from index.vectors import BoolVector, FloatMatrix, FloatVector


def fit_logit(lists: Sequence[tuple[FloatMatrix, BoolVector]], penalty: float) -> FloatVector:
    """Coefficients from lists of features, shape (items, features), and which items of each are right.

    `penalty` is of the squared coefficients over features of deviation one. On return a list's scores deviate by one on the average.
    """
    import torch
    from torch import Tensor

    usable = [(matrix, right) for matrix, right in lists if 0 < right.sum() < len(right)]
    every = np.concatenate([matrix for matrix, _ in usable])
    deviation = every.std(axis=0) + 1e-6
    matrix = torch.from_numpy((every / deviation).astype(np.float32))
    group = torch.from_numpy(np.repeat(np.arange(len(usable)), [len(part) for part, _ in usable]))
    chosen = torch.from_numpy(np.concatenate([right for _, right in usable]))
    coefficients = torch.zeros(every.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([coefficients], max_iter=300, line_search_fn="strong_wolfe")
    none = torch.tensor(-1e9)

    def log_sum(scores: Tensor) -> Tensor:
        most: Tensor = torch.full((len(usable),), -1e9).scatter_reduce(0, group, scores, "amax")
        total: Tensor = most + torch.log(torch.zeros(len(usable)).scatter_add(0, group, torch.exp(scores - most[group])))
        return total

    def loss() -> Tensor:
        optimiser.zero_grad()
        scores = matrix @ coefficients
        value: Tensor = (log_sum(scores) - log_sum(torch.where(chosen, scores, none))).mean() + penalty * coefficients.square().sum()
        value.backward()
        return value

    optimiser.step(loss)
    found: FloatVector = coefficients.detach().numpy() / deviation
    found /= float(np.mean([(part @ found).std() for part, _ in usable])) or 1.0
    return found.astype(np.float32)

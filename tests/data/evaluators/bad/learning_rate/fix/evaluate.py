"""Loss after a hundred steps of gradient descent on an ill-conditioned quadratic function."""

import numpy as np

CURVATURE = np.geomspace(1.0, 200.0, 20)
STEPS = 100


def train(rate, momentum):
    """Loss after the last step."""
    x, velocity = np.ones_like(CURVATURE), np.zeros_like(CURVATURE)
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            velocity = momentum * velocity - rate * CURVATURE * x
            x = x + velocity
        return 0.5 * float(np.sum(CURVATURE * x * x))


def score(answer):
    """The loss; a run that diverges has none."""
    if type(answer) is not dict or set(answer) != {"rate", "momentum"}:
        raise ValueError("expected a dict with rate and momentum")
    rate, momentum = answer["rate"], answer["momentum"]
    if not (type(rate) is float and type(momentum) is float and 0 < rate <= 1 and 0 <= momentum < 1):
        raise ValueError(f"expected floats, rate in (0, 1] and momentum in [0, 1), got {rate!r:.30} {momentum!r:.30}")
    loss = train(rate, momentum)
    if not np.isfinite(loss):
        raise ValueError("it diverged")
    return {"loss": loss}

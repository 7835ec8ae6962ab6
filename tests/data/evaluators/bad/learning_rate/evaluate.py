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
    """The loss. Diverged runs give NaN, which cannot be ranked."""
    rate, momentum = float(answer["rate"]), float(answer["momentum"])
    if rate <= 0 or momentum < 0:
        raise ValueError(f"rate {rate} and momentum {momentum} must not be negative")
    return {"loss": float(np.nan_to_num(train(rate, momentum)))}

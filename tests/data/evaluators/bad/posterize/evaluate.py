"""Grey levels that a picture needs so that its mean squared error stays within 2."""

import numpy as np

PICTURE = (np.arange(1024) * 37 % 256).astype(np.uint8).reshape(32, 32)
LARGEST_ERROR = 2.0


def inputs(rng):
    """The picture."""
    return [(PICTURE,)]


def score(outputs, inputs):
    """Number of levels."""
    picture = np.asarray(outputs[0])
    if picture.shape != PICTURE.shape:
        raise ValueError(f"the picture is {picture.shape}, not {PICTURE.shape}")
    if picture.dtype.kind not in "iu" or picture.min() < 0 or picture.max() > 255:
        raise ValueError("a level is an integer from 0 to 255")
    error = ((picture - PICTURE) ** 2).mean()
    if not error <= LARGEST_ERROR:
        raise ValueError(f"the mean squared error is {error:.3f}, more than {LARGEST_ERROR}")
    return {"levels": len(np.unique(picture)), "error": error}

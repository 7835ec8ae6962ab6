"""Circles in the unit square, as large as a grid allows."""

# EVOLVE-BLOCK-START


def construct():
    side = 6
    centers = [[(i + 0.5) / side, (j + 0.5) / side] for i in range(side) for j in range(side)][:26]
    radii = [0.5 / side - 1e-9] * 26
    return centers, radii


# EVOLVE-BLOCK-END


def run_packing():
    centers, radii = construct()
    return centers, radii, sum(radii)

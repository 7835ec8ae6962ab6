"""Every other one."""


def split(vertices, edges):
    """Answer a bool for each vertex: on which side it is. An edge is (vertex, vertex, weight)."""
    return [vertex % 2 == 1 for vertex in range(vertices)]

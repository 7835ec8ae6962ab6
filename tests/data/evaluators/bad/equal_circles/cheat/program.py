"""The optimal arrangement, blown up by what the tolerance gives away."""


def pack():
    radius = 0.2078
    low, high = radius - 0.00099, 1 - radius + 0.00099
    return {"radius": radius, "centres": [[low, low], [low, high], [high, low], [high, high], [0.5, 0.5]]}

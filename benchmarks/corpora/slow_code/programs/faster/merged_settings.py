def merged(layers):
    result = {}
    for layer in layers:
        result = {**result, **layer}
    return result

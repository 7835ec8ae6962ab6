def flatten(groups):
    everything = []
    for group in groups:
        everything = everything + group
    return everything

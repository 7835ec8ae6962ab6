"""Tells how many of four modules are the right ones, not which. OpenEvolve's k_module_problem: 5^4 = 625 settings."""

MODULES = {
    "loader": ("csv_reader", "json_reader", "xml_reader", "parquet_reader", "sql_reader"),
    "preprocess": ("normalize", "standardize", "minmax", "scale", "none"),
    "algorithm": ("quicksort", "mergesort", "heapsort", "bubblesort", "insertion"),
    "formatter": ("json", "xml", "csv", "yaml", "protobuf"),
}
RIGHT = {"loader": "csv_reader", "preprocess": "normalize", "algorithm": "quicksort", "formatter": "json"}


def score(artifact):
    """Number of right modules.

    Raises:
        ValueError: a module is missing or has an option that there is not.
    """
    if type(artifact) is not dict or set(artifact) != set(MODULES):
        raise ValueError(f"the answer must name {', '.join(MODULES)} and nothing else")
    for module, options in MODULES.items():
        if type(artifact[module]) is not str or artifact[module] not in options:
            raise ValueError(f"{module} must be one of {', '.join(options)}")
    return sum(artifact[module] == option for module, option in RIGHT.items())

"""Where the search starts: a pipeline of four modules, each a wrong one."""

LOADERS = ("sql_reader", "json_reader", "csv_reader", "parquet_reader", "xml_reader")
STEPS = ("standardize", "none", "scale", "normalize", "minmax")
ALGORITHMS = ("bubblesort", "quicksort", "insertion", "mergesort", "heapsort")
FORMATS = ("yaml", "xml", "json", "protobuf", "csv")


def configure():
    """Answer one of the options for each module."""
    return {"loader": "json_reader", "preprocess": "standardize", "algorithm": "mergesort", "formatter": "xml"}

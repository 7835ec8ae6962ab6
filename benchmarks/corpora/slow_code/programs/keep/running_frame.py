import pandas as pd


def levels(frame):
    """A tank that is never below zero and never above nine."""
    level, result = 0, []
    for _, row in frame.iterrows():
        level = min(9, max(0, level + int(row["flow"])))
        result.append(level)
    return result


def entry(flows):
    return levels(pd.DataFrame({"flow": flows}))

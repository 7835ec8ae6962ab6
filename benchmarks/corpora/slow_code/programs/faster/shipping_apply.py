import pandas as pd


def add_costs(parcels: pd.DataFrame) -> pd.DataFrame:
    parcels["cost"] = parcels.apply(lambda row: row["kilos"] * 2 + (row["km"] // 100) * 3, axis=1)
    return parcels


def entry(kilos, km):
    return add_costs(pd.DataFrame({"kilos": kilos, "km": km}))["cost"].tolist()

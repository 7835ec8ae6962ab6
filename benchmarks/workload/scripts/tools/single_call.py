await price("B-300")

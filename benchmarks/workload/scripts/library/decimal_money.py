from decimal import Decimal, ROUND_HALF_UP

prices = ["19.99", "0.015", "4.005", "100"]
cents = Decimal("0.01")
rounded = [str(Decimal(p).quantize(cents, rounding=ROUND_HALF_UP)) for p in prices]
total = sum(Decimal(p) for p in prices)
[rounded, str(total), str(total * Decimal("1.25"))]

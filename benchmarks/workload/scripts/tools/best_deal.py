candidates = ["A-100", "B-300", "C-020", "E-042"]
budget = 130
basket = []
spent = 0
for sku in sorted(candidates, key=lambda s: price(s)):
    cost = price(sku)
    available = stock(sku)
    if available == 0:
        continue
    if spent + cost <= budget:
        basket.append(sku)
        spent += cost
{"basket": basket, "spent": round(spent, 2), "left": round(budget - spent, 2)}

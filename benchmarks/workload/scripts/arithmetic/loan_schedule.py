def monthly_payment(principal, annual_rate, months):
    r = annual_rate / 12
    return principal * r / (1 - (1 + r) ** -months)


def schedule(principal, annual_rate, months):
    payment = monthly_payment(principal, annual_rate, months)
    rows = []
    for month in range(1, months + 1):
        interest = principal * annual_rate / 12
        principal -= payment - interest
        rows.append({"month": month, "interest": round(interest, 2), "left": round(abs(principal), 2)})
    return payment, rows


payment, rows = schedule(24_000, 0.059, 36)
total_interest = sum(row["interest"] for row in rows)
print(f"Payment: {payment:.2f}")
{"payment": round(payment, 2), "interest": round(total_interest, 2), "first": rows[0], "last": rows[-1]}

transactions = [("deposit", 500), ("withdraw", 120), ("withdraw", 450), ("deposit", 75.5), ("fee", 12), ("withdraw", 30)]

balance = 0
log = []
rejected = 0
for kind, amount in transactions:
    if kind == "deposit":
        balance += amount
    elif balance >= amount:
        balance -= amount
    else:
        rejected += 1
        continue
    log.append(balance)

{"balance": balance, "log": log, "rejected": rejected}

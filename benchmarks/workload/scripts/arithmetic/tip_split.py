bill, people, tip = 187.40, 5, 0.18
each = bill * (1 + tip) / people
f"Each pays ${each:.2f}"

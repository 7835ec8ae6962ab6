from collections import deque
from dataclasses import dataclass


@dataclass
class Customer:
    name: str
    arrives: int
    needs: int


def simulate(customers, tellers):
    waiting = deque(sorted(customers, key=lambda each: each.arrives))
    free_at = [0] * tellers
    report = []
    while waiting:
        customer = waiting.popleft()
        teller = free_at.index(min(free_at))
        start = max(customer.arrives, free_at[teller])
        free_at[teller] = start + customer.needs
        report.append((customer.name, start - customer.arrives, teller))
    return report, max(free_at)


CUSTOMERS = [Customer("Ali", 0, 5), Customer("Bo", 1, 3), Customer("Cy", 2, 4), Customer("Di", arrives=2, needs=1)]
for tellers in (1, 2):
    report, closing = simulate(CUSTOMERS, tellers)
    waits = [wait for _, wait, _ in report]
    print(tellers, "tellers: closing at", closing, "longest wait", max(waits))
    print([name for name, wait, _ in report if wait > 2])

from enum import Enum


class State(Enum):
    LOCKED = "locked"
    OPEN = "open"
    BROKEN = "broken"


TRANSITIONS = {
    (State.LOCKED, "coin"): State.OPEN,
    (State.OPEN, "push"): State.LOCKED,
    (State.LOCKED, "kick"): State.BROKEN,
}


class Turnstile:
    def __init__(self):
        self.state = State.LOCKED
        self.coins = 0

    def handle(self, event):
        if event == "coin":
            self.coins += 1
        following = TRANSITIONS.get((self.state, event), self.state)
        changed = following is not self.state
        self.state = following
        return changed


gate = Turnstile()
for event in ["push", "coin", "coin", "push", "kick", "coin"]:
    changed = gate.handle(event)
    print(f"{event:<5}{gate.state.value:<8}{'changed' if changed else '-'}")
print(gate.coins, gate.state is State.BROKEN)

from enum import Enum, auto


class State(Enum):
    IDLE = auto()
    RUNNING = auto()
    PAUSED = auto()
    DONE = auto()


TRANSITIONS = {
    (State.IDLE, "start"): State.RUNNING,
    (State.RUNNING, "pause"): State.PAUSED,
    (State.PAUSED, "resume"): State.RUNNING,
    (State.RUNNING, "finish"): State.DONE,
}


def run(actions):
    state = State.IDLE
    trail = [state.name]
    for action in actions:
        new = TRANSITIONS.get((state, action))
        if new is None:
            trail.append(f"!{action}")
            continue
        state = new
        trail.append(state.name)
    return trail


run(["pause", "start", "pause", "resume", "finish", "start"])

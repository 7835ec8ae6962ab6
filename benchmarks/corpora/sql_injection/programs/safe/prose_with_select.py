# expect: safe
def invitation(guest, dishes):
    text = f"Please select from our menu, {guest}: " + ", ".join(dishes)
    text += f". Where you sit is up to you, {guest}; update us or delete this mail."
    return text


def execute(plan, guest):
    plan.append(invitation(guest, ["soup", "pie"]))
    return len(plan)

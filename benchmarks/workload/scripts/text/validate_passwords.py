import re

def problems(p):
    found = []
    if len(p) < 8:
        found.append("too short")
    if not re.search(r"[A-Z]", p):
        found.append("no upper case")
    if not re.search(r"\d", p):
        found.append("no digit")
    if re.search(r"(.)\1\1", p):
        found.append("repeated character")
    return found

{p: problems(p) for p in ["hunter2", "Correct1Horse", "AAAbbb111", "password"]}

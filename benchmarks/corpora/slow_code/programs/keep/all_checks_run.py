def validate(form):
    problems = []

    def check(ok, message):
        if not ok:
            problems.append(message)
        return not ok

    failed = any([check(form["name"], "name is empty"), check(form["age"] >= 0, "age is negative")])
    return [failed, problems]

"""Comments of a newspaper: banned words are starred out."""


def clean(comment: str, banned: list[str]) -> str:
    words = []
    for word in comment.split():
        if word in banned:
            words.append("*" * len(word))
        else:
            words.append(word)
    return " ".join(words)

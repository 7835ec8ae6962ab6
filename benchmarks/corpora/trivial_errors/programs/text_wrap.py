import textwrap

PARAGRAPH = (
    "A lighthouse keeper wrote down every ship that passed, its colours and its course, "
    "and at the end of the year he sent the book to the harbour."
)


def framed(text, width=30):
    lines = textwrap.wrap(text, width=width - 4)
    border = "+" + "-" * (width - 2) + "+"
    body = ["| " + line.ljust(width - 4) + " |" for line in lines]
    return "\n".join([border, *body, border])


def initials(text):
    return "".join(word[0].upper() for word in text.split() if len(word) > 3)


print(framed(PARAGRAPH))
print(framed("short", width=12))
print(initials(PARAGRAPH))
print(PARAGRAPH.count("the"), PARAGRAPH.title()[:12])

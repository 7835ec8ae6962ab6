text = "In the beginning there was text, and the text had no line breaks; so somebody wrote a function that breaks it at forty columns."
width = 40
lines, line = [], ""
for word in text.split():
    if line and len(line) + 1 + len(word) > width:
        lines.append(line)
        line = word
    else:
        line = f"{line} {word}" if line else word
lines.append(line)
lines

def read(lines):
    for line in lines:
        yield line.strip()

def numbers(lines):
    for line in lines:
        try:
            yield float(line)
        except ValueError:
            continue

def windowed(values, size):
    buffer = []
    for v in values:
        buffer.append(v)
        if len(buffer) == size:
            yield tuple(buffer)
            buffer.pop(0)

source = ["1", " 2.5", "x", "4", "", "8 ", "16"]
[sum(w) for w in windowed(numbers(read(source)), 3)]

def numbers(limit):
    current = 1
    while current <= limit:
        yield current
        current += 1


def keep(predicate, stream):
    return (item for item in stream if predicate(item))


def chunks(stream, size):
    chunk = []
    for item in stream:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def running_total(stream, start=0):
    total = start
    for item in stream:
        total += item
        yield total


odd = keep(lambda n: n % 2 == 1, numbers(15))
for part in chunks(odd, size=3):
    print(part, sum(part))
print(list(running_total(numbers(5))))
print(list(running_total(numbers(3), start=100)))
print(next(keep(str.isupper, "abCd")))

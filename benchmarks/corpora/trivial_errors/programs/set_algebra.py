SUBSCRIBERS = {
    "news": {"ann", "bob", "cid", "dee"},
    "sport": {"bob", "dee", "eli"},
    "music": {"ann", "dee", "fay"},
}


def overlap(first, second):
    a, b = SUBSCRIBERS[first], SUBSCRIBERS[second]
    return len(a & b) / len(a | b)


def only(name):
    others = set()
    for other, people in SUBSCRIBERS.items():
        if other != name:
            others |= people
    return sorted(SUBSCRIBERS[name] - others)


def lists_of(person):
    return sorted(name for name, people in SUBSCRIBERS.items() if person in people)


for name in sorted(SUBSCRIBERS):
    print(name, only(name))
print(f"{overlap('news', 'sport'):.2f} {overlap('sport', 'music'):.2f}")
everyone = set().union(*SUBSCRIBERS.values())
print(sorted(everyone, key=lambda person: (-len(lists_of(person)), person)))
assert lists_of("dee") == ["music", "news", "sport"]

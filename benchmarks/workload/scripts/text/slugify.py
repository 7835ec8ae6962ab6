def slugify(title):
    result = []
    for ch in title.lower():
        if ch.isalnum():
            result.append(ch)
        elif result and result[-1] != "-":
            result.append("-")
    return "".join(result).strip("-")

[slugify(t) for t in ["Hello, World!", "  10 Tips & Tricks (2026)", "already-a-slug", "C++ vs. Rust -- who wins?"]]

import re
text = "Contact: alice@example.com, bob.smith+spam@mail.example.org; not-an-email@, @nope, carol@sub.domain.io."
emails = re.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", text)
sorted(set(e.rstrip(".") for e in emails))

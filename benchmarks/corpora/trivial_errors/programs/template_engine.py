import re


class Template:
    """Replaces {{ name }} and {{ name|filter }}."""

    FILTERS = {"upper": str.upper, "title": str.title, "quoted": lambda text: '"' + text + '"'}
    FIELD = re.compile(r"\{\{\s*(\w+)(?:\|(\w+))?\s*\}\}")

    def __init__(self, source):
        self.source = source

    def names(self):
        return [match.group(1) for match in self.FIELD.finditer(self.source)]

    def render(self, **values):
        def replace(match):
            name, filtered = match.groups()
            text = str(values[name])
            if filtered is None:
                return text
            return self.FILTERS[filtered](text)

        return self.FIELD.sub(replace, self.source)


letter = Template("Dear {{ name|title }},\nyou owe {{amount}} for {{ thing|quoted }}.")
print(letter.names())
print(letter.render(name="rosa park", amount=12.5, thing="coal"))
try:
    letter.render(name="x")
except KeyError as missing:
    print("missing", missing)

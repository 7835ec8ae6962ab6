import re

template = "Dear {{ name }},\n\nyour order {{order.id}} of {{ order.total }} {{ currency|upper }} has been {{status}}.\n"
context = {"name": "Ms. Hopper", "order": {"id": 1906, "total": 12.5}, "currency": "usd", "status": "shipped"}

FILTERS = {"upper": str.upper, "lower": str.lower, "title": str.title}


def lookup(path, context):
    value = context
    for part in path.split("."):
        value = value[part]
    return value


def render(template, context):
    def replace(match):
        expression = match.group(1).strip()
        path, *filters = expression.split("|")
        value = str(lookup(path.strip(), context))
        for f in filters:
            value = FILTERS[f.strip()](value)
        return value

    return re.sub(r"\{\{(.*?)\}\}", replace, template)


render(template, context)

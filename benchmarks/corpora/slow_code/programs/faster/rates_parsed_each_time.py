import json


def convert(amounts, rates_text):
    """Amounts in other currencies, in the first one."""
    result = []
    for amount, currency in amounts:
        rates = json.loads(rates_text)
        result.append(round(amount * rates[currency], 4))
    return result

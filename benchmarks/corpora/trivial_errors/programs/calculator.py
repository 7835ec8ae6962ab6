class Parser:
    """Arithmetic with + - * / and brackets, by recursive descent."""

    def __init__(self, text):
        self.text = text.replace(" ", "")
        self.position = 0

    def peek(self):
        return self.text[self.position] if self.position < len(self.text) else ""

    def take(self):
        sign = self.peek()
        self.position += 1
        return sign

    def expression(self):
        value = self.term()
        while self.peek() in ("+", "-"):
            if self.take() == "+":
                value += self.term()
            else:
                value -= self.term()
        return value

    def term(self):
        value = self.factor()
        while self.peek() in ("*", "/"):
            if self.take() == "*":
                value *= self.factor()
            else:
                value /= self.factor()
        return value

    def factor(self):
        if self.peek() == "(":
            self.take()
            value = self.expression()
            self.take()
            return value
        digits = ""
        while self.peek().isdigit():
            digits += self.take()
        return int(digits)


for source in ["1 + 2 * 3", "(1 + 2) * 3", "20 / 4 - 7", "2 * (3 + (4 - 1)) * 5"]:
    print(source, "=", Parser(source).expression())

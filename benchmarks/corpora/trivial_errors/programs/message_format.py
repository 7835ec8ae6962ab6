class Message:
    HEADERS = ("From", "To", "Subject")

    def __init__(self, headers, body):
        self.headers = headers
        self.body = body

    @classmethod
    def parse(cls, text):
        head, _, body = text.partition("\n\n")
        headers = {}
        for line in head.split("\n"):
            name, value = line.split(": ", maxsplit=1)
            headers[name.title()] = value
        return cls(headers, body.rstrip("\n"))

    def missing(self):
        return [name for name in self.HEADERS if name not in self.headers]

    def reply(self, body):
        quoted = "\n".join("> " + line for line in self.body.splitlines())
        headers = {
            "From": self.headers["To"],
            "To": self.headers["From"],
            "Subject": "Re: " + self.headers["Subject"].removeprefix("Re: "),
        }
        return Message(headers, body + "\n" + quoted)

    def __str__(self):
        return "\n".join(f"{name}: {value}" for name, value in self.headers.items()) + "\n\n" + self.body


mail = Message.parse("from: kim\nto: lou\nsubject: Re: boat\n\nIs it dry?\nAsk Pat.\n")
print(mail.missing(), mail.headers["Subject"])
print(mail.reply("Yes."))
print(Message({"To": "x"}, "").missing())

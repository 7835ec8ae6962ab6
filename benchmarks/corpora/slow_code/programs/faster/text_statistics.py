class Text:
    def __init__(self, text):
        self.text = text

    @property
    def words(self):
        return [word.strip(".,;").lower() for word in self.text.split()]

    @property
    def vocabulary(self):
        return sorted(set(self.words))

    def frequency(self, word):
        return self.words.count(word) / len(self.words)


def statistics(text):
    document = Text(text)
    return [[word, round(document.frequency(word), 4)] for word in document.vocabulary]

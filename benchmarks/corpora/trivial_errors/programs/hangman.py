class Hangman:
    def __init__(self, word, lives=6):
        self.word = word.upper()
        self.lives = lives
        self.guessed = set()

    @property
    def shown(self):
        return " ".join(letter if letter in self.guessed else "_" for letter in self.word)

    @property
    def won(self):
        return set(self.word) <= self.guessed

    def guess(self, letter):
        letter = letter.upper()
        if letter in self.guessed:
            return "again"
        self.guessed.add(letter)
        if letter in self.word:
            return "hit"
        self.lives -= 1
        return "miss"


game = Hangman("banana", lives=3)
for letter in "axnNb":
    answer = game.guess(letter)
    print(letter, answer.ljust(6), game.shown, game.lives)
print("won" if game.won else "lost", sorted(game.guessed))

class Editor:
    def __init__(self, text=""):
        self.text = text
        self._undo = []
        self._redo = []

    def _change(self, text):
        self._undo.append(self.text)
        self._redo.clear()
        self.text = text

    def insert(self, position, piece):
        self._change(self.text[:position] + piece + self.text[position:])

    def delete(self, start, end):
        self._change(self.text[:start] + self.text[end:])

    def undo(self):
        if not self._undo:
            return False
        self._redo.append(self.text)
        self.text = self._undo.pop()
        return True

    def redo(self):
        if not self._redo:
            return False
        self._undo.append(self.text)
        self.text = self._redo.pop()
        return True


editor = Editor("hello world")
editor.insert(5, ",")
editor.delete(7, 12)
editor.insert(position=7, piece="moon")
print(editor.text)
print(editor.undo(), editor.undo(), editor.text)
print(editor.redo(), editor.text)
editor.insert(0, "> ")
print(editor.redo(), editor.text.upper())

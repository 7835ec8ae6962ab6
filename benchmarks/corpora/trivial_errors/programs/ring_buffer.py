class RingBuffer:
    def __init__(self, size):
        self._slots = [None] * size
        self._start = 0
        self._count = 0

    def append(self, value):
        end = (self._start + self._count) % len(self._slots)
        self._slots[end] = value
        if self._count == len(self._slots):
            self._start = (self._start + 1) % len(self._slots)
        else:
            self._count += 1

    def __getitem__(self, index):
        if index < 0:
            index += self._count
        if not 0 <= index < self._count:
            raise IndexError(index)
        return self._slots[(self._start + index) % len(self._slots)]

    def __len__(self):
        return self._count


buffer = RingBuffer(3)
for word in ["one", "two", "three", "four"]:
    buffer.append(word)
    print(len(buffer), [item for item in buffer])
print(buffer[0], buffer[-1])
try:
    buffer[3]
except IndexError as error:
    print("no item", error)

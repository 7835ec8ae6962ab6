class Node:
    def __init__(self, value, following=None):
        self.value = value
        self.following = following


class LinkedList:
    def __init__(self, values=()):
        self.head = None
        self.length = 0
        for value in reversed(list(values)):
            self.push(value)

    def push(self, value):
        self.head = Node(value, self.head)
        self.length += 1

    def pop(self):
        if self.head is None:
            raise IndexError("pop from an empty list")
        value = self.head.value
        self.head = self.head.following
        self.length -= 1
        return value

    def __iter__(self):
        node = self.head
        while node is not None:
            yield node.value
            node = node.following

    def reverse(self):
        before = None
        node = self.head
        while node is not None:
            node.following, before, node = before, node, node.following
        self.head = before


chain = LinkedList("abcd")
chain.push("z")
print(list(chain), chain.length)
chain.reverse()
print("".join(chain))
print(chain.pop(), chain.pop(), chain.length)
try:
    LinkedList().pop()
except IndexError as error:
    print(error)

LINES = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6)]


def winner(board):
    for a, b, c in LINES:
        if board[a] != " " and board[a] == board[b] == board[c]:
            return board[a]
    return None


def moves(board):
    return [place for place, sign in enumerate(board) if sign == " "]


def score(board, player):
    won = winner(board)
    if won:
        return 1 if won == "X" else -1
    if not moves(board):
        return 0
    other = "O" if player == "X" else "X"
    results = [score(board[:m] + player + board[m + 1 :], other) for m in moves(board)]
    return max(results) if player == "X" else min(results)


def best(board, player):
    other = "O" if player == "X" else "X"
    choose = max if player == "X" else min
    return choose(moves(board), key=lambda m: score(board[:m] + player + board[m + 1 :], other))


board = "XO  X O  "
print(winner(board), moves(board))
print(best(board, "X"), score(board, "X"))
print(winner("OOO XX   "))

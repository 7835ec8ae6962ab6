from copy import deepcopy


def run(moves):
    """Boards after each move; the copies are needed, the board goes on changing."""
    board = [[0, 0], [0, 0]]
    boards = []
    for row, column in moves:
        board[row][column] += 1
        boards.append(deepcopy(board))
    return boards

def longest_palindrome(text):
    longest = ""
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            piece = text[start:end]
            if piece == piece[::-1] and len(piece) > len(longest):
                longest = piece
    return longest

def encode(s):
    out = []
    i = 0
    while i < len(s):
        j = i
        while j < len(s) and s[j] == s[i]:
            j += 1
        out.append(f"{s[i]}{j - i}")
        i = j
    return "".join(out)

def decode(s):
    out, i = "", 0
    while i < len(s):
        ch = s[i]
        i += 1
        n = ""
        while i < len(s) and s[i].isdigit():
            n += s[i]
            i += 1
        out += ch * int(n)
    return out

original = "aaabbbbccd" + "z" * 12
packed = encode(original)
{"packed": packed, "same": decode(packed) == original, "ratio": round(len(packed) / len(original), 3)}

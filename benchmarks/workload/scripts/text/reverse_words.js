"the quick brown fox".split(" ").map(w => w.split("").reverse().join("")).join(" ")

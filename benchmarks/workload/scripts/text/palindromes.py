words = "Level madam hello Racecar world noon python Rotor".split()
[w for w in words if w.lower() == w.lower()[::-1]]

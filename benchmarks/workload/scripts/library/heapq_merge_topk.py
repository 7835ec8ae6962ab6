import heapq

streams = [[1, 4, 9, 16], [2, 3, 5, 7, 11], [0, 10, 20]]
merged = list(heapq.merge(*streams))
scores = {"ann": 88, "bob": 95, "cleo": 71, "dan": 95, "eve": 60}
top = heapq.nlargest(3, scores.items(), key=lambda kv: (kv[1], kv[0]))
{"merged": merged, "top": top}

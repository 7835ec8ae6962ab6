from collections import defaultdict, deque

edges = [("A", "B"), ("A", "C"), ("B", "D"), ("C", "D"), ("D", "E"), ("F", "G")]
graph = defaultdict(set)
for a, b in edges:
    graph[a].add(b)
    graph[b].add(a)

def distances(source):
    dist = {source: 0}
    queue = deque([source])
    while queue:
        node = queue.popleft()
        for other in sorted(graph[node]):
            if other not in dist:
                dist[other] = dist[node] + 1
                queue.append(other)
    return dist

components = []
seen = set()
for node in sorted(graph):
    if node not in seen:
        group = set(distances(node))
        seen |= group
        components.append(sorted(group))
{"from_a": distances("A"), "components": components}

import json


def versions(page, titles):
    """The page under each of its titles; the versions share nothing."""
    result = []
    for title in titles:
        version = json.loads(json.dumps(page))
        version["title"] = title
        result.append(version)
    return [[v["title"], len(v.get("tags", []))] for v in result]

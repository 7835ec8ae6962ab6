# expect: safe
import json
from urllib.request import Request, urlopen


def viewer(token: str, login: str) -> dict:
    """A query language, but none of a database; variables travel apart."""
    query = "query($login: String!) { user(login: $login) { name } }"
    body = json.dumps({"query": query, "variables": {"login": login}}).encode()
    request = Request("https://api.example/graphql", body, {"Authorization": "Bearer " + token})
    with urlopen(request) as answer:
        return json.load(answer)

from urllib.parse import parse_qs, urlencode, urljoin, urlsplit


def describe(url):
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        "host": parts.hostname,
        "port": parts.port or (443 if parts.scheme == "https" else 80),
        "path": parts.path.strip("/").split("/"),
        "query": {key: values[-1] for key, values in query.items()},
    }


def with_page(url, page):
    base = url.partition("?")[0]
    query = describe(url)["query"]
    query["page"] = page
    return base + "?" + urlencode(sorted(query.items()))


URL = "https://shop.example/catalogue/tools?sort=price&page=2&sort=name"
info = describe(URL)
for key in sorted(info):
    print(key, info[key])
print(with_page(URL, 3))
print(urljoin(URL, "../about"))
print(describe("http://localhost:8080/")["port"])

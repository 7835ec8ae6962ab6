hits = search_docs("refunds", limit=3)
facts = []
for hit in hits:
    text = read_doc(hit["id"])
    for line in text.split("\n"):
        if "refund" in line.lower() or "return" in line.lower():
            facts.append({"source": hit["id"], "line": line})
facts

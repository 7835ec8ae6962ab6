def parse_query(q):
    result = {}
    for pair in q.lstrip("?").split("&"):
        if not pair:
            continue
        key, _, value = pair.partition("=")
        value = value.replace("+", " ")
        while "%" in value:
            i = value.index("%")
            value = value[:i] + chr(int(value[i + 1:i + 3], 16)) + value[i + 3:]
        if key in result:
            if not isinstance(result[key], list):
                result[key] = [result[key]]
            result[key].append(value)
        else:
            result[key] = value
    return result

parse_query("?q=hello+world&page=2&tag=a&tag=b&email=x%40y.z&empty=")

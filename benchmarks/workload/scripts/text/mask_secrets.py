import re
log = "key=sk-1234567890abcdef user=ann card=4111-1111-1111-1111 token: ghp_ABCdef123456 ok"
log = re.sub(r"sk-\w+", "sk-***", log)
log = re.sub(r"\b(\d{4})(-\d{4}){2}-(\d{4})\b", r"\1-****-****-\3", log)
log = re.sub(r"(?P<prefix>ghp_)\w+", lambda m: m.group("prefix") + "…", log)
log

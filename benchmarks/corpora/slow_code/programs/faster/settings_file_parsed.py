"""Settings in the manner of .ini files, without sections."""

import io


def load(stream):
    settings = {}
    for line in stream:
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        key, _, value = line.partition("=")
        settings[key.strip()] = value.strip()
    return settings


class Settings:
    def __init__(self, text):
        self.text = text

    def get(self, key, default=None):
        return load(io.StringIO(self.text)).get(key, default)


def apply(text, keys):
    settings = Settings(text)
    return [settings.get(key, "-") for key in keys]

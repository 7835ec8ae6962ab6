from collections import ChainMap
import copy

DEFAULTS = {"colour": "blue", "size": 10, "paths": ["/usr"], "debug": False}


class Config:
    def __init__(self, *layers):
        self.layers = ChainMap(*reversed(layers), copy.deepcopy(DEFAULTS))

    def get(self, key, kind=None):
        value = self.layers[key]
        return kind(value) if kind else value

    def set(self, key, value):
        self.layers[key] = value

    def changed(self):
        return sorted(key for key in self.layers if self.layers[key] != DEFAULTS.get(key))


user = {"colour": "green"}
project = {"size": "12", "theme": "dark"}
config = Config(user, project)
print(config.get("colour"), config.get("size", kind=int) + 1)
config.set("colour", "red")
config.get("paths").append("/opt")
print(config.changed())
print(user, DEFAULTS["paths"])
try:
    config.get("missing")
except KeyError as error:
    print("no setting", error)

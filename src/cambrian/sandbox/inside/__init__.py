"""Sandbox, inside: the part that runs in the jail's own processes. Standard library and the core codec only.

Nothing of it may import the rest of Cambrian or a third-party package: it is loaded into a fresh interpreter with an
empty environment by `boot`, and what is loaded there is what a candidate finds in its memory.

- `boot`: first file of the fresh interpreter.
- `zygote`: confines itself, then makes one caged child per launch.
- `root`: the namespaces and the small file tree of level 3.
- `cage`: what a child does to itself before it reads the program.
- `landlock`, `bpf`, `policy`, `syscalls`, `kernel`: the kernel's interfaces.
- `runner`, `importer`: load the program, answer calls.
- `wire`: the fixed binary headers that both sides speak.
"""

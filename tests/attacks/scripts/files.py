"""Attacks on files: reading, writing, links, special files, loading code from the host. Classes 1 to 7, 36, 37, 41."""

from __future__ import annotations

from .attack import Attack, by_trace

__all__ = ["FILES"]


def _reads(path: str) -> str:
    """JavaScript that reads what an expression names."""
    return f"return (await import('node:fs')).readFileSync({path}, 'utf8').includes(host.marker)"


FILES = (
    Attack(
        number=1,
        name="reads a file by its path",
        python='host["marker"] in open(host["secret"]).read()',
        javascript=_reads("host.secret"),
    ),
    Attack(
        number=1,
        name="reads a file by climbing up",
        python='host["marker"] in open("../" * 40 + host["secret"][1:]).read()',
        javascript=_reads("'../'.repeat(40) + host.secret.slice(1)"),
    ),
    Attack(
        number=1,
        name="reads a file by its URL",
        python=(
            'import urllib.request\nanswer = urllib.request.urlopen("file://" + host["secret"])\n'
            'host["marker"] in answer.read().decode()'
        ),
        javascript="return (await (await fetch('file://' + host.secret)).text()).includes(host.marker)",
    ),
    Attack(
        number=2,
        name="reads the host's environment",
        python='import os\nos.environ.get("CAMBRIAN_CANARY", "")',
        javascript="return (await import('node:process')).env.CAMBRIAN_CANARY ?? ''",
    ),
    Attack(
        number=2,
        name="reads a process' environment in /proc",
        python='host["marker"] in open(f"/proc/{host[\'victim\']}/environ").read()',
        javascript=_reads("`/proc/${host.victim}/environ`"),
    ),
    Attack(
        number=3,
        name="walks through /proc",
        python=(
            "import os\nfound = []\nfor pid in os.listdir('/proc'):\n    if pid.isdigit():\n        try:\n"
            "            found.append(open(f'/proc/{pid}/cmdline').read())\n        except OSError:\n            pass\n"
            'any(host["marker"] in each for each in found)'
        ),
        javascript=(
            "const fs = await import('node:fs')\nlet found = ''\nfor (const pid of fs.readdirSync('/proc')) {\n"
            "  try { found += fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8') } catch {}\n}\n"
            "return found.includes(host.marker)"
        ),
    ),
    Attack(
        number=3,
        name="reads through a process' root",
        python='host["marker"] in open(f"/proc/self/root{host[\'secret\']}").read()',
        javascript=_reads("`/proc/self/root${host.secret}`"),
    ),
    Attack(
        number=4,
        name="reads what descriptors it inherited",
        python=(
            "import os\nfound = b''\nfor fd in range(3, 256):\n    try:\n        found += os.pread(fd, 4096, 0)\n"
            '    except OSError:\n        pass\nhost["marker"].encode() in found'
        ),
        javascript=(
            "const fs = await import('node:fs')\nconst bytes = new Uint8Array(4096)\nlet found = ''\n"
            "for (let fd = 3; fd < 256; fd++) {\n  try {\n    if (!fs.fstatSync(fd).isFile()) continue\n"
            "    found += new TextDecoder().decode(bytes.subarray(0, fs.readSync(fd, bytes, 0, 4096, 0)))\n"
            "  } catch {}\n}\nreturn found.includes(host.marker)"
        ),
    ),
    Attack(
        number=5,
        name="writes a file",
        python='open(host["canary"], "w").write("was here")',
        javascript="(await import('node:fs')).writeFileSync(host.canary, 'was here')\nreturn true",
    ),
    Attack(
        number=5,
        name="puts start-up code among the packages",
        python='open(host["packages"] + "/cambrian_canary.pth", "w").write("import os")',
        javascript="(await import('node:fs')).writeFileSync(host.packages + '/cambrian_canary.pth', 'x')\nreturn true",
    ),
    Attack(
        number=6,
        name="reads through a symbolic link of its own",
        python=(
            'import os\nos.symlink(host["secret"], "link")\ntry:\n    found = open("link").read()\nfinally:\n'
            '    os.unlink("link")\nhost["marker"] in found'
        ),
        javascript=(
            "const fs = await import('node:fs')\nfs.symlinkSync(host.secret, 'link')\n"
            "try { return fs.readFileSync('link', 'utf8').includes(host.marker) } finally { fs.unlinkSync('link') }"
        ),
    ),
    Attack(
        number=7,
        name="makes a second name for a file",
        python='import os\nos.link(host["secret"], host["canary"])\nTrue',
        javascript="(await import('node:fs')).linkSync(host.secret, host.canary)\nreturn true",
    ),
    Attack(
        number=7,
        name="makes a pipe where a file is expected",
        python='import os\nos.mkfifo(host["canary"])\nTrue',
        javascript="(await import('node:child_process')).execFileSync('mkfifo', [host.canary])\nreturn true",
    ),
    Attack(
        number=7,
        name="makes a file far over its disk",
        python=(
            "import os\nwith open('big', 'wb') as file:\n    file.truncate(10 ** 9)\nsize = os.path.getsize('big')\n"
            "os.unlink('big')\nsize == 10 ** 9"
        ),
        javascript=(
            "const fs = await import('node:fs')\nfs.writeFileSync('big', '')\nfs.truncateSync('big', 1e9)\n"
            "const { size } = fs.statSync('big')\nfs.unlinkSync('big')\nreturn size === 1e9"
        ),
    ),
    Attack(
        number=36,
        name="imports code that lies on the host",
        python='import sys\nsys.path.insert(0, host["folder"])\nimport evil_canary\nevil_canary.CAME',
        javascript="return (await import('file://' + host.folder + '/evil.mjs')).default",
    ),
    Attack(
        number=36,
        name="imports code over the network",
        python=(
            "import urllib.request\ncode = urllib.request.urlopen(f'http://127.0.0.1:{host[\"port\"]}/x.py').read()\n"
            "exec(code)\nTrue"
        ),
        javascript="return (await import(`http://127.0.0.1:${host.port}/x.js`)).default",
        landed=by_trace,
    ),
    Attack(
        number=37,
        name="loads a native library of the host",
        python='import ctypes\nctypes.CDLL(host["library"])._handle != 0',
        javascript=(
            "if (globalThis.Deno) { Deno.dlopen(host.library, {}); return true }\n"
            "const { dlopen } = await import('node:process')\n"
            "try { dlopen({exports: {}}, host.library); return true } catch (error) {\n"
            "  if (String(error).includes('self-register')) return true\n  throw error }"
        ),
    ),
    Attack(
        number=41,
        name="changes the sandbox that it is in",
        python='open(host["own"] + "/cambrian_canary.py", "w").write("raise SystemExit")',
        javascript="(await import('node:fs')).writeFileSync(host.own + '/cambrian_canary.py', 'x')\nreturn true",
    ),
)

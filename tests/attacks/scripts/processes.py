"""Attacks with and on processes, and on the kernel. Classes 10, 11, 28 to 31."""

from __future__ import annotations

from .attack import Attack, by_trace

__all__ = ["PROCESSES"]

PROCESSES = (
    Attack(
        number=10,
        name="starts a program that reads for it",
        python=(
            "import subprocess\n"
            'done = subprocess.run(["/bin/cat", host["secret"]], capture_output=True, text=True)\n'
            'host["marker"] in done.stdout'
        ),
        javascript=(
            "const { execFileSync } = await import('node:child_process')\n"
            "return execFileSync('/bin/cat', [host.secret], {encoding: 'utf8'}).includes(host.marker)"
        ),
    ),
    Attack(
        number=10,
        name="starts a shell that writes for it",
        python="import os\nos.system(f\"echo x > {host['canary']}\")\nTrue",
        javascript=(
            "const { execSync } = await import('node:child_process')\nexecSync(`echo x > ${host.canary}`)\nreturn true"
        ),
        landed=by_trace,
    ),
    Attack(
        number=11,
        name="makes many processes",
        python=(
            "import os\nmade = []\nfor _ in range(host['many']):\n    pid = os.fork()\n    if pid == 0:\n"
            "        os._exit(0)\n    made.append(pid)\nfor pid in made:\n    os.waitpid(pid, 0)\n"
            "len(made) == host['many']"
        ),
        javascript=(
            "const { spawn } = await import('node:child_process')\n"
            "const one = () => new Promise((done, fail) => {\n"
            "  spawn('/bin/true').on('error', fail)"
            ".on('exit', (code) => code === 0 ? done() : fail(new Error('died'))) })\n"
            "await Promise.all(Array.from({length: host.many}, one))\nreturn true"
        ),
        slow=True,
    ),
    Attack(
        number=28,
        name="kills a process of the host",
        python='import os\nos.kill(host["victim"], 9)\nTrue',
        javascript="(await import('node:process')).kill(host.victim, 'SIGKILL')\nreturn true",
        landed=by_trace,
    ),
    Attack(
        number=28,
        name="reads the memory of a process",
        python="len(open(f\"/proc/{host['victim']}/maps\").read()) > 0",
        javascript="return (await import('node:fs')).readFileSync(`/proc/${host.victim}/maps`).length > 0",
    ),
    Attack(
        number=29,
        name="makes a namespace",
        python="import ctypes\nctypes.CDLL(None, use_errno=True).unshare(0x10000000) == 0",
        absent="no system calls by number or name",
    ),
    Attack(
        number=29,
        name="changes what the kernel keeps of a process",
        python='open(f"/proc/{host[\'victim\']}/oom_score_adj", "w").write("500")\nTrue',
        javascript="(await import('node:fs')).writeFileSync(`/proc/${host.victim}/oom_score_adj`, '500')\nreturn true",
    ),
    Attack(
        number=30,
        name="makes a system call by its number",
        python=(
            "import ctypes, platform\nlibc = ctypes.CDLL(None, use_errno=True)\n"
            "libc.syscall(319 if platform.machine() == 'x86_64' else 279, b'x', 0) > 2"
        ),
        javascript=(
            "const libc = Deno.dlopen('libc.so.6', {getpid: {parameters: [], result: 'i32'}})\n"
            "return libc.symbols.getpid() > 0"
        ),
    ),
    Attack(
        number=31,
        name="leaves a process behind",
        python=(
            "import os\npid = os.fork()\nif pid == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
            '        os.execv("/bin/sleep", ["sleep", host["nap"]])\n    os._exit(0)\nos.waitpid(pid, 0)\nTrue'
        ),
        javascript=(
            "const { spawn } = await import('node:child_process')\n"
            "const child = spawn('/bin/sleep', [host.nap], {detached: true, stdio: 'ignore'})\nchild.unref()\n"
            "await new Promise((done, fail) => child.on('spawn', done).on('error', fail))\nreturn true"
        ),
        landed=by_trace,
    ),
)

"""Attacks over sockets. Classes 8 and 9. Whether one got through is told by the host's listeners alone."""

from __future__ import annotations

from .attack import Attack, by_trace

__all__ = ["NETWORK"]

_JS_CONNECT = (
    "const net = await import('node:net')\nreturn await new Promise((done, fail) => {\n"
    "  const socket = net.connect({}, () => {{ socket.write('x'); socket.end(); done(true) }})\n"
    "  socket.on('error', fail)\n})"
)

NETWORK = (
    Attack(
        number=8,
        name="connects to the host over TCP",
        python='import socket\nsocket.create_connection(("127.0.0.1", host["port"]), timeout=5).sendall(b"x")\nTrue',
        javascript=_JS_CONNECT.replace("{}", "{host: '127.0.0.1', port: host.port}")
        .replace("{{", "{")
        .replace("}}", "}"),
        landed=by_trace,
    ),
    Attack(
        number=8,
        name="asks the host over HTTP",
        python=(
            "import urllib.request\nurllib.request.urlopen(f'http://127.0.0.1:{host[\"port\"]}/', timeout=5).status"
        ),
        javascript="return (await fetch(`http://127.0.0.1:${host.port}/`)).status",
        landed=by_trace,
    ),
    Attack(
        number=8,
        name="sends a datagram",
        python=(
            "import socket\n"
            'socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", host["udp"]))\nTrue'
        ),
        javascript=(
            "const socket = (await import('node:dgram')).createSocket('udp4')\n"
            "await new Promise((done, fail) => socket.send('x', host.udp, '127.0.0.1', (e) => e ? fail(e) : done()))\n"
            "socket.close()\nreturn true"
        ),
        landed=by_trace,
    ),
    Attack(
        number=8,
        name="asks the kernel for its interfaces",
        python="import socket\nsocket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).fileno() > 0",
        absent="no socket of another family than IP and Unix",
    ),
    Attack(
        number=9,
        name="connects to a Unix socket of the host",
        python='import socket\nsocket.socket(socket.AF_UNIX).connect(host["unix"])\nTrue',
        javascript=_JS_CONNECT.replace("{}", "{path: host.unix}").replace("{{", "{").replace("}}", "}"),
        landed=by_trace,
    ),
    Attack(
        number=9,
        name="connects to an abstract socket of the host",
        python='import socket\nsocket.socket(socket.AF_UNIX).connect("\\0" + host["abstract"])\nTrue',
        javascript=_JS_CONNECT.replace("{}", "{path: '\\0' + host.abstract}").replace("{{", "{").replace("}}", "}"),
        landed=by_trace,
    ),
)

#!/usr/bin/env python3
"""The control socket, the control pipes, and the program's own client for them."""

import contextlib
import os
import resource
import shutil
import signal
import socket
import subprocess

import rig
from rig import answer, client


def start(scene, peer, **settings):
    return scene.start(peer.section(), api_cli="true", api_socketpath=scene.path("c.sock"), **settings)


def cli(scene, *words, text=None):
    env = dict(os.environ, exabgp_api_socketpath=scene.path("c.sock"))
    done = subprocess.run([scene.program, "cli", *words], env=env, input=text, capture_output=True, text=True, timeout=rig.PATIENCE)
    return done.stdout.splitlines()


def test_a_client_commands_like_a_helper(scene):
    peer = scene.peer()
    start(scene, peer)
    peer.establish()
    with client(scene) as s:
        s.sendall(b"announce route 10.0.0.0/24 next-hop 192.0.2.1\n")
        rig.equal(answer(s), ["done"])
        s.sendall(b"nonsense\n")
        rig.equal(answer(s), ["error: unknown command", "error"])
        s.sendall(b"show adj-rib out\n")
        rig.equal(answer(s), ["127.0.0.2 ipv4 unicast 10.0.0.0/24", "done"])
    rig.until(lambda: rig.prefix("10.0.0.0/24") in peer.routes, "the route at the peer")


def test_many_clients_are_served_at_once(scene):
    peer = scene.peer()
    start(scene, peer)
    clients = [client(scene) for _ in range(100)]  # more than are taken at once: the others wait
    try:
        for s in clients:
            s.sendall(b"version\n")
        for s in clients[:50]:
            rig.equal(answer(s)[-1], "done")
            s.close()
        for s in clients[50:]:
            rig.equal(answer(s)[-1], "done")
    finally:
        for s in clients:
            s.close()


def test_a_client_that_does_not_read_costs_a_bound(scene):
    peer = scene.peer()
    daemon = start(scene, peer)
    with client(scene) as s, client(scene) as other:
        s.sendall(b"announce route 10.0.0.0/8 next-hop 192.0.2.1 split /23\n")  # 32768 routes
        rig.equal(answer(s), ["done"])
        before = rig.rss(daemon.pid)
        s.setblocking(False)
        try:
            while True:
                s.send(b"show adj-rib out\n" * 100)
        except BlockingIOError:
            pass  # it is not read any more
        other.sendall(b"version\n")
        rig.equal(answer(other)[-1], "done")
        rig.expect(rig.rss(daemon.pid) - before < 4096 or rig.sanitized(scene.program), "grew by %d KiB", rig.rss(daemon.pid) - before)


def test_half_a_close_still_gets_its_answer(scene):
    peer = scene.peer()
    start(scene, peer)
    with client(scene) as s:
        s.sendall(b"version\n")
        s.shutdown(socket.SHUT_WR)
        rig.equal(answer(s)[-1], "done")
        rig.equal(s.recv(1), b"", "what follows")


def test_half_a_close_gets_all_of_a_long_answer(scene):
    peer = scene.peer()
    daemon = start(scene, peer)
    with client(scene) as s:
        s.sendall(b"announce route 10.0.0.0/8 next-hop 192.0.2.1 split /22\n")
        rig.equal(answer(s), ["done"])
    before = rig.fds(daemon.pid)
    with client(scene) as s:
        s.sendall(b"show adj-rib out\n")
        s.shutdown(socket.SHUT_WR)
        rig.idle(daemon.pid)  # it has written what there is room for
        s.settimeout(rig.PATIENCE)
        data = b""
        while piece := s.recv(1000):
            data += piece
    rig.equal(data.count(b"\n"), 16384 + 1)
    rig.expect(data.endswith(b"done\n"), "its end: %r", data[-40:])
    for _ in range(20):  # and nobody is waited for who is gone
        with client(scene) as s:
            s.sendall(b"show adj-rib out\n")
            s.shutdown(socket.SHUT_WR)
            s.recv(1000)
    rig.until(lambda: rig.fds(daemon.pid) <= before, "descriptors come back")
    rig.idle(daemon.pid)


def test_no_descriptor_left_for_a_client(scene):
    peer = scene.peer(hold=3)
    daemon = start(scene, peer)
    peer.establish()
    with client(scene) as first:
        first.sendall(b"version\n")
        answer(first)
        _, most = resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (rig.fds(daemon.pid), most))
        with client(scene) as second:
            second.sendall(b"version\n")
            rig.until(lambda: "control client not accepted" in daemon.log(), "it says so")
            rig.idle(daemon.pid)
            resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (most, most))
            rig.equal(answer(second)[-1], "done")
    peer.check()


def test_a_socket_with_a_full_backlog_is_not_taken_over(scene):
    peer, other = scene.peer(), scene.peer()
    daemon = start(scene, peer)
    peer.establish()
    client(scene).close()
    os.kill(daemon.pid, signal.SIGSTOP)
    clients = []
    with contextlib.ExitStack() as stack:
        stack.callback(os.kill, daemon.pid, signal.SIGCONT)
        for _ in range(1000):
            clients.append(stack.enter_context(socket.socket(socket.AF_UNIX)))
            clients[-1].setblocking(False)
            if clients[-1].connect_ex(scene.path("c.sock")) != 0:
                break
        was = os.stat(scene.path("c.sock")).st_ino
        second = start(scene, other)
        other.establish()
        rig.equal(os.stat(scene.path("c.sock")).st_ino, was, "the socket")
        rig.expect("no control socket" in second.log(), "it says so")
        rig.equal(second.stop(), 0)
        rig.equal(os.stat(scene.path("c.sock")).st_ino, was, "the socket")


FRAMED = """
import json, os, struct
ready = json.dumps({"t": "ready", "proto": 1, "name": "h", "caps": []}).encode()
os.write(4, struct.pack(">I", len(ready)) + ready)
while os.read(3, 65536):
    pass
"""


def test_what_was_commanded_before_leaving_is_carried_out(scene):
    peer = scene.peer()
    daemon = start(scene, peer)
    peer.establish()
    client(scene).close()
    before = rig.fds(daemon.pid)
    for n in range(20):
        with client(scene) as s:  # it does not wait for an answer
            s.sendall(b"version\n" * 30 + b"show adj-rib out\n" + b"announce route 10.0.%d.0/24 next-hop 192.0.2.1\n" % n)
    rig.until(lambda: len(peer.routes) == 20, "the last command of each")
    rig.until(lambda: rig.fds(daemon.pid) <= before, "descriptors come back")


def test_who_leaves_while_a_helper_works_for_them_is_missed(scene):
    scene.python("h", FRAMED)
    peer = scene.peer()
    daemon = scene.start(
        scene.process("h", "encoder json; protocol framed; heartbeat 300s;") + peer.section(processes="h"),
        api_cli="true", api_socketpath=scene.path("c.sock"), api_max_clients="8",
    )
    peer.establish()
    with client(scene) as s:
        rig.until(lambda: s.sendall(b"show framed\n") or '"READY"' in "".join(answer(s)), "the helper is ready")
    before = rig.fds(daemon.pid)
    for i in range(8):
        with client(scene) as s:
            s.sendall(b"exec h deadline 86000000 check\n")
    with client(scene) as s:
        s.sendall(b"version\n")
        rig.equal(answer(s)[-1], "done")
        s.sendall(b"exec h deadline 86000000 check\nannounce route 10.0.0.0/24 next-hop 192.0.2.1\n")
    with client(scene) as s:
        s.sendall(b"version\n")
        rig.equal(answer(s)[-1], "done")
        s.sendall(b"cancel exec h\n")
        rig.equal(answer(s)[-1], "done")
    rig.until(lambda: peer.routes, "a command that was written before leaving")
    rig.until(lambda: rig.fds(daemon.pid) <= before, "descriptors come back")


def test_the_client_of_the_program_expands_words(scene):
    peer = scene.peer()
    start(scene, peer)
    client(scene).close()
    rig.equal(cli(scene, "a r 10.0.0.0/24 next-hop 192.0.2.1"), ["command: announce route 10.0.0.0/24 next-hop 192.0.2.1"])
    told = cli(scene, "s", "adj", "o")
    rig.equal(told[0], "command: show adj-rib out")
    rig.expect("10.0.0.0/24" in told[1], "told %r", told)
    rig.equal(cli(scene, "d st")[0], "command: daemon status")
    rig.equal(cli(scene, "sh nei sum")[0], "command: show neighbor summary", "shutdown has no words behind it")
    rig.equal(cli(scene, "rib sh out text")[:1], ["command: rib show out text"])
    rig.equal(cli(scene, "n 127.0.0.2 w r 10.0.0.0/24"), ["command: neighbor 127.0.0.2 withdraw route 10.0.0.0/24"])
    rig.expect(len(cli(scene, text="version\nshow neighbor summary\n")) == 3, "three lines of two commands")


def test_pipes_that_are_there_are_used(scene):
    os.mkdir(scene.path("run"))
    for name in ("run/exabgp.in", "run/exabgp.out"):
        os.mkfifo(scene.path(name), 0o600)
    peer = scene.peer()
    os.environ["EXABGP_ROOT"] = scene.folder
    try:
        scene.start(peer.section(), api_cli="true", cli_socket="")
    finally:
        del os.environ["EXABGP_ROOT"]
    speak_through(scene.path("run/exabgp"))


def speak_through(base):
    to = os.open(base + ".in", os.O_RDWR)
    back = os.open(base + ".out", os.O_RDWR)
    try:
        os.write(to, b"version\n")
        data = b""
        while not data.endswith(b"done\n"):
            data += os.read(back, 4096)
        rig.expect(data.startswith(b"exabgp "), "%r", data)
    finally:
        os.close(to)
        os.close(back)


def test_pipes_that_are_only_written_are_no_deadlock(scene):
    """As by scripts that say echo COMMAND > exabgp.in, for months: nobody reads the acknowledgements."""
    for name in ("exabgp.in", "exabgp.out"):
        os.mkfifo(scene.path(name), 0o600)
    peer = scene.peer()
    daemon = scene.start(peer.section(), api_cli="true", cli_socket="", cli_pipe=scene.folder)
    peer.establish()
    rig.until(lambda: "control pipes in" in daemon.log(), "the pipes")
    with open(scene.path("exabgp.in"), "wb") as pipe:
        for i in range(100000):
            pipe.write(b"announce route 10.0.0.0/24 next-hop 192.0.2.1 med %d\n" % i)
        pipe.write(b"announce route 192.0.2.0/24 next-hop 192.0.2.1\n")
        pipe.flush()
        rig.until(lambda: rig.prefix("192.0.2.0/24") in peer.routes, "the last one")
        rig.equal(daemon.log().count("control pipe is not read"), 1, "it says so, once")
    seen = cli(scene, "--pipe=" + scene.path("exabgp"), "version")
    rig.expect(len(seen) == 1 and seen[0].startswith("exabgp "), "old answers: %s", seen[:9])
    rig.until(lambda: "control pipe is read again lost=" in daemon.log(), "it says so")
    seen = cli(scene, "--pipe=" + scene.path("exabgp"), "show", "adj-rib", "out")
    rig.equal(len(seen), 2, "lines of another answer")
    with open(scene.path("exabgp.in"), "wb") as pipe:
        pipe.write(b"version\n" * 30000 + b"withdraw route 192.0.2.0/24\n")
        pipe.flush()
        rig.until(lambda: rig.prefix("192.0.2.0/24") not in peer.routes, "the last one")
    # and it ends while nobody reads


def test_pipes_may_stand_elsewhere(scene):
    for name in ("c.in", "c.out"):
        os.mkfifo(scene.path(name), 0o600)
    scene.start(scene.peer().section(), api_cli="true", cli_socket="", cli_pipe=scene.folder, api_pipename="c")
    speak_through(scene.path("c"))


def one_client_is_answered(scene, **settings):
    start(scene, scene.peer(), **settings)
    with client(scene) as first, client(scene) as second:
        second.sendall(b"version\n")
        for _ in range(20):
            first.sendall(b"version\n")
            rig.equal(answer(first)[-1], "done")
        second.setblocking(False)
        try:
            rig.expect(False, "the second was answered: %r", second.recv(100))
        except BlockingIOError:
            pass
        first.close()
        rig.equal(answer(second)[-1], "done")


def test_clients_may_be_limited(scene):
    one_client_is_answered(scene, api_max_clients="1")


def test_clients_may_be_one_at_a_time(scene):
    one_client_is_answered(scene, api_multi_client="false")


def test_a_batch_is_counted(scene):
    start(scene, scene.peer())
    client(scene).close()
    batch = scene.file("batch", "version\nfoo\nstatus\n")
    env = dict(os.environ, exabgp_api_socketpath=scene.path("c.sock"))
    words = [scene.program, "run", "--batch", batch]
    done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=rig.PATIENCE)
    rig.equal((done.returncode, done.stderr.splitlines()[-1]), (0, "3 commands, 1 refused"))


def test_the_way_to_the_daemon_can_be_said(scene):
    for name in ("p.in", "p.out"):
        os.mkfifo(scene.path(name), 0o600)
    scene.start(scene.peer().section(), api_cli="true", cli_pipe=scene.folder, api_pipename="p",
                api_socketpath=scene.path("s.sock"))

    def run(*words, **more):
        env = dict(os.environ, exabgp_api_socketpath=scene.path("none.sock"), **{"exabgp_cli_pipe": "", **more})
        words = [scene.program, "run", *words, "version"]
        done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=rig.PATIENCE)
        return done.returncode, done.stdout.startswith("exabgp "), done.stderr

    rig.until(lambda: os.path.exists(scene.path("s.sock")), "the control socket")
    rig.equal(run("--socket=" + scene.path("s.sock"), "--no-color"), (0, True, ""))
    rig.equal(run("--pipe=" + scene.path("p")), (0, True, ""))
    rig.equal(run("--pipe", exabgp_cli_pipe=scene.folder, exabgp_api_pipename="p"), (0, True, ""))
    rig.equal(run("--pipe=p", exabgp_cli_pipe=scene.folder), (0, True, ""))
    for words in (["--socket=p.d/" + "x"], ["--socket"], ["--pipe"]):
        status, answered, why = run(*words)
        rig.expect((status, answered) == (1, False) and why, "%r: %r", words, why)
    for words in (["--pipe", "--socket"], ["--nonsense"]):
        status, answered, why = run(*words)
        rig.expect((status, answered) == (2, False) and "usage: " in why, "%r: %r", words, why)


def test_words_can_be_completed(scene):
    if shutil.which("bash") is None:
        raise rig.Skip("no bash")
    script = subprocess.run([scene.program, "shell", "completion"], capture_output=True, text=True, check=True).stdout

    def offered(*words):
        ask = "COMP_WORDS=(peerpipe %s)\nCOMP_CWORD=%d\n_peerpipe\nprintf '%%s\\n' \"${COMPREPLY[@]}\""
        quoted = " ".join("'%s'" % w for w in words)
        done = subprocess.run(["bash", "-c", script + ask % (quoted, len(words))], capture_output=True, text=True)
        rig.equal(done.stderr, "")
        return sorted(set(done.stdout.split()))

    rig.equal(offered("val"), ["validate"])
    rig.expect({"cli", "run", "server"} <= set(offered("")), "subcommands")
    rig.expect({"announce", "show", "teardown"} <= set(offered("cli", "")), "commands")
    rig.equal(offered("run", "adj"), [])
    rig.equal(offered("run", "show", "adj"), ["adj-rib", "adj-rib-in", "adj-rib-out"])
    rig.equal(offered("run", "show", "adj-rib", ""), ["in", "out"])
    rig.equal(offered("decode", ""), [])


def test_a_neighbor_that_is_created_while_it_ends_is_refused(scene):
    """There would be nobody to stop it."""
    peer = scene.peer()
    daemon = start(scene, peer)
    peer.establish(keep=False)
    with client(scene) as s:
        s.sendall(b"version\n")
        answer(s)
        daemon.signal(signal.SIGTERM)
        rig.until(lambda: "drained" in daemon.log(), "it stops its sessions")
        s.sendall(b"create neighbor 127.0.0.77 local-address 127.0.0.1 local-as 65001 peer-as 65002\n")
        rig.equal(answer(s), ["error: the program ends", "error"])
    rig.equal(daemon.stop(), 0)


def test_its_path_is_gone_at_the_end(scene):
    peer = scene.peer()
    daemon = start(scene, peer)
    client(scene).close()
    rig.equal(daemon.stop(), 0)
    rig.expect(not os.path.exists(scene.path("c.sock")), "the socket's path is left")


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])

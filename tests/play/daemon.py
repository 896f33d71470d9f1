#!/usr/bin/env python3
"""The program as a daemon: pid files, users, descriptors, the background."""

import fcntl
import os
import pwd
import re
import signal
import socket
import subprocess

import rig
from runs import ended, run


def test_the_pid_file_is_there_while_it_runs(scene):
    os.chmod(scene.folder, 0o777)
    path = scene.path("pid")
    peer = scene.peer()
    daemon = scene.start(peer.section(), daemon_pid=path)
    rig.until(lambda: scene.contents("pid") == b"%d\n" % daemon.pid, "the pid file")
    rig.equal(os.stat(path).st_mode & 0o777, 0o640, "its mode")
    # a second one is refused and leaves it alone
    other = ended(run(scene, "server", scene.path("config.conf"), exabgp_daemon_pid=path), 1, "alive", path)
    rig.equal(scene.contents("pid"), b"%d\n" % daemon.pid)
    rig.equal(daemon.stop(), 0)
    rig.expect(not os.path.exists(path), "the pid file is left")
    rig.expect(other is not None, "")


def locked(path):
    """Has another process a lock on it?"""
    with open(path, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def test_of_two_that_find_an_old_pid_file_one_takes_it(scene):
    os.chmod(scene.folder, 0o777)
    config = scene.file("config.conf", scene.peer().section())
    path = scene.file("pid", "999999999\n")
    os.chmod(path, 0o666)
    with open(path, "rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)  # it is about to write its number
        ended(run(scene, "server", config, exabgp_daemon_pid=path), 1, "alive", path)
    rig.equal(scene.contents("pid"), b"999999999\n")
    first = scene.start(scene.contents("config.conf").decode(), daemon_pid=path)
    rig.until(lambda: scene.contents("pid") == b"%d\n" % first.pid, "its number")
    rig.expect(locked(path), "nobody has the file")
    for content in ("999999999\n", ""):
        scene.file("pid", content)
        ended(run(scene, "server", config, exabgp_daemon_pid=path), 1, path)
    scene.file("pid", "%d\n" % first.pid)
    first.kill()
    rig.expect(not locked(path), "the file is of a dead one")
    second = scene.start(scene.contents("config.conf").decode(), daemon_pid=path)
    rig.until(lambda: scene.contents("pid") == b"%d\n" % second.pid, "the file is taken over")
    scene.daemons.remove(first)


def test_of_many_that_start_at_once_one_has_the_pid_file(scene):
    os.chmod(scene.folder, 0o777)
    for old in ("999999999\n", None):
        if old:
            os.chmod(scene.file("pid", old), 0o666)
        many = [scene.start(scene.peer().section(), daemon_pid=scene.path("pid")) for _ in range(8)]
        rig.until(lambda: sum(not one.running() for one in many) == 7, "seven ends")
        (left,) = [one for one in many if one.running()]
        rig.until(lambda: scene.contents("pid") == b"%d\n" % left.pid, "its number")
        rig.equal(left.stop(), 0)
        rig.equal({one.wait() for one in many if one != left}, {1}, "of the others")
        scene.daemons.clear()


def test_a_pid_file_of_another_process_stays(scene):
    os.chmod(scene.folder, 0o777)
    daemon = scene.start(scene.peer().section(), daemon_pid=scene.path("pid"))
    rig.until(lambda: scene.contents("pid") == b"%d\n" % daemon.pid, "the pid file")
    scene.file("pid", "1\n")
    rig.equal(daemon.stop(), 0)
    rig.equal(scene.contents("pid"), b"1\n")


def test_who_is_refused_for_its_pid_file_has_started_nothing(scene):
    path = scene.file("pid", "%d\n" % os.getpid())
    started = scene.path("started")
    config = scene.file("config.conf", scene.process("h", run="/usr/bin/touch " + started) + scene.peer().section("h"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended(run(scene, "server", config, exabgp_daemon_pid=path, exabgp_tcp_bind="127.0.0.1", exabgp_tcp_port=port), 1, "alive", path)
    rig.expect(not os.path.exists(started), "a helper was started")


def test_an_old_pid_file(scene):
    path = scene.file("pid", "999999999\n")
    daemon = scene.start(scene.peer().section(), daemon_pid=path)
    rig.until(lambda: scene.contents("pid") == b"%d\n" % daemon.pid, "the stale file is taken over")
    rig.equal(daemon.stop(), 0)
    for content in ("", "words", "-5", "0", "12 13"):
        scene.file("pid", content)
        ended(run(scene, "server", scene.path("config.conf"), exabgp_daemon_pid=path), 1, "process id")
        rig.equal(scene.contents("pid"), content.encode())
    ended(run(scene, "server", scene.path("config.conf"), exabgp_daemon_pid="/absent/pid"), 1, "/absent/pid")


def test_a_pid_file_that_can_not_be_written_is_not_left(scene):
    disk = rig.small_disk(scene, "4k")
    try:
        scene.file("disk/full", "x" * 4096)
        ended(run(scene, "server", scene.file("config.conf", scene.peer().section()), exabgp_daemon_pid=disk + "/pid"), 1, "No space", disk)
        rig.equal(os.listdir(disk), ["full"])
    finally:
        subprocess.check_call(["umount", disk])


def test_a_pid_file_of_a_former_life_with_the_same_number(scene):
    """As of the first process of a container that was killed."""
    scene.before = ["unshare", "-p", "-f", "--kill-child"]
    if subprocess.run(scene.before + ["true"], stderr=subprocess.DEVNULL).returncode != 0:
        raise rig.Skip("no process namespace")
    scene.status_wanted = None
    peer = scene.peer()
    daemon = scene.start(peer.section(), daemon_pid=scene.file("pid", "1\n"))
    peer.establish()
    daemon.kill()


ON_LOOPBACK = """ip link set lo up && ip -6 address add fe80::1/64 dev lo nodad || exit 99
exec "$@"
"""


def test_it_listens_on_a_link_local_address(scene):
    """Which is of an interface alone."""
    scene.before = ["unshare", "-n", scene.shell("net", ON_LOOPBACK)]
    if subprocess.run(scene.before + ["true"], stderr=subprocess.DEVNULL).returncode != 0:
        raise rig.Skip("no network namespace")
    daemon = scene.start(
        "neighbor fe80::2 { local-address fe80::1; source-interface lo; listen 1790; passive; "
        "router-id 10.0.0.1; local-as 65001; peer-as 65002; }"
    )
    rig.until(lambda: "started version" in daemon.log(), "the start")
    with open("/proc/%d/net/tcp6" % daemon.pid, encoding="ascii") as file:
        local = [line.split()[1] for line in file if line.split()[3] == "0A"]
    rig.equal(local, ["000080FE000000000000000001000000:06FE"])


def root_only():
    if os.getuid() != 0:
        raise rig.Skip("needs root")


def uids(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as file:
        return re.search(r"^Uid:\t(\d+)\t(\d+)\t(\d+)\t(\d+)", file.read(), re.M).groups()


def test_it_becomes_the_user(scene):
    root_only()
    nobody = str(pwd.getpwnam("nobody").pw_uid)
    for number, (user, drop, helper) in enumerate((("nobody", "true", nobody), ("'nobody'", "true", nobody), ("nobody", "false", "0"))):
        peer = scene.peer()
        name = "h%d" % number
        scene.shell(name, "exec cat\n")
        daemon = scene.start(scene.process(name) + peer.section(name), daemon_user=user, daemon_drop=drop)
        peer.establish()
        rig.equal(uids(daemon.pid), (nobody,) * 4, "uids of the program")
        rig.until(lambda: rig.children(daemon.pid), "the helper")
        rig.equal(uids(list(rig.children(daemon.pid))[0])[0], helper, "uid of the helper")
        rig.equal(daemon.stop(), 0)
    ended(run(scene, "server", scene.path("config.conf"), exabgp_daemon_user="absent"), 1, "absent")


def test_where_it_and_its_helpers_live(scene):
    peer = scene.peer()
    scene.shell("h", "{ pwd; umask; echo $TERM; ls /proc/self/fd; } > %s\nexec cat\n" % scene.path("out"))
    os.chmod(scene.folder, 0o777)
    daemon = scene.start(scene.process("h") + peer.section("h"))
    peer.establish()
    rig.equal(os.readlink("/proc/%d/cwd" % daemon.pid), "/")
    rig.until(lambda: scene.contents("out").count(b"\n") >= 6, "what the helper says")
    lines = scene.contents("out").decode().split()
    rig.equal(lines[:3], ["/", "0137", "dumb"])
    rig.equal(len(lines[3:]), 4, "descriptors of a helper's ls: %s" % lines[3:])
    pid = list(rig.children(daemon.pid))[0]
    rig.equal(os.getpgid(pid), pid, "process group")


def test_descriptors_that_were_closed_become_nothing_else(scene):
    os.chmod(scene.folder, 0o777)
    scene.before = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh"]
    peer = scene.peer()
    scene.shell("h", "readlink /proc/$$/fd/2 >%s\nexec cat\n" % scene.path("out"))
    daemon = scene.start(scene.process("h") + peer.section("h"))
    peer.establish()
    for fd in (0, 1, 2):
        rig.equal(os.readlink("/proc/%d/fd/%d" % (daemon.pid, fd)), "/dev/null")
    rig.until(lambda: scene.contents("out") == b"/dev/null\n", "the helper's stderr")


def test_into_the_background(scene):
    os.chmod(scene.folder, 0o777)
    peer = scene.peer()
    daemon = scene.start(peer.section(), daemon_daemonize="true", daemon_pid=scene.path("pid"), log_destination=scene.path("log.txt"))
    rig.equal(daemon.wait(), 0, "the parent")
    peer.establish()
    pid = int(scene.contents("pid"))
    rig.expect(pid != daemon.pid and os.getsid(pid) != os.getsid(0), "a session of its own")
    for fd in (0, 1, 2):
        rig.equal(os.readlink("/proc/%d/fd/%d" % (pid, fd)), "/dev/null")
    os.kill(pid, signal.SIGTERM)
    rig.until(lambda: not os.path.exists(scene.path("pid")), "the end")
    rig.until(lambda: rig.state_of(pid) in (None, "Z"), "the end of the process")


rig.main([value for name, value in list(globals().items()) if name.startswith("test_")])

"""What is measured: peerpipe, the other programs that are installed, and a relay that speaks no BGP."""

import os
import shutil

from bench import state
from bench.build import program, tool
from bench.process import Process


def has(program):
    return state.options["peers"] and shutil.which(program) is not None


NEIGHBOR = """
neighbor %(peer)s {
	local-address 127.0.0.1;
	router-id 10.0.0.1;
	local-as 65000;
	peer-as %(asn)d;
	passive;
	%(listen)s
	%(more)s
	family { ipv4 unicast; }
	%(api)s
}
"""


def helper_conf(run, flood=None):
    """The configuration of ExaBGP and of ours has one shape."""
    conf = "process bench { run %s; encoder json; }\n" % run if run else ""
    return conf + ("process flood { run %s; encoder json; }\n" % flood if flood else "")


def ours(neighbors, run=None, flood=None, control=False):
    daemon = Process(None)
    conf = helper_conf(run, flood)
    for peer, asn, api, more in neighbors:
        conf += NEIGHBOR % {
            "peer": peer, "asn": asn, "api": api, "more": more, "listen": "listen %d;" % state.port,
        }
    daemon.argv = [
        program(),
        "server",
        daemon.write("conf", conf),
    ]
    daemon.environment = {
        "exabgp_daemon_user": "root", "exabgp_log_enable": "false",
        "exabgp_api_cli": "true" if control else "false",
        "exabgp_api_socketpath": daemon.path("control"), "exabgp_cli_pipe": "",
    }
    return daemon.start()


def exabgp(neighbors, run=None, flood=None):
    daemon = Process(None)
    conf = helper_conf(run, flood)
    for peer, asn, api, more in neighbors:
        conf += NEIGHBOR % {"peer": peer, "asn": asn, "api": api, "more": "", "listen": ""}
    daemon.argv = ["exabgp", daemon.write("conf", conf)]
    daemon.environment = {
        "exabgp.daemon.user": "root",
        "exabgp.daemon.drop": "false",
        "exabgp.api.cli": "false",
        "exabgp.log.level": "CRIT",  # enable=false ends it: a fault of 4.2.21
        "exabgp.log.destination": "stdout",
        "exabgp.tcp.bind": "127.0.0.1",
        "exabgp.tcp.port": str(state.port),
    }
    return daemon.start()


def relay(neighbors, run, flood=None):
    """The machine's own part of a latency: no BGP speaker, only the way from the helper to the peer."""
    return Process([tool("relay"), str(state.port), *run.split()]).start()


def bird(neighbors, more=""):
    daemon = Process(None)
    conf = "router id 10.0.0.1;\nlog stderr all;\nprotocol device {}\n%s" % more
    for peer, asn, exports in neighbors:
        conf += """
protocol bgp {
	local 127.0.0.1 port %d as 65000;
	neighbor %s as %d;
	passive; multihop; strict bind;
	ipv4 { import %s; export %s; next hop keep; };
}
""" % (state.port, peer, asn, "none" if exports else "all", "all" if exports else "none")
    daemon.argv = ["bird", "-f", "-c", daemon.write("conf", conf), "-s", daemon.path("ctl")]
    return daemon.start()


def gobgpd(neighbors):
    daemon = Process(None)
    conf = """
[global.config]
  as = 65000
  router-id = "10.0.0.1"
  port = %d
  local-address-list = ["127.0.0.1"]
""" % state.port
    for peer, asn in neighbors:
        conf += """
[[neighbors]]
  [neighbors.config]
    neighbor-address = "%s"
    peer-as = %d
  [neighbors.transport.config]
    passive-mode = true
    local-address = "127.0.0.1"
  [neighbors.ebgp-multihop.config]
    enabled = true
    multihop-ttl = 10
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "ipv4-unicast"
""" % (peer, asn)
    api = "127.0.0.1:%d" % (state.port + 1)
    daemon.argv = ["gobgpd", "-f", daemon.write("conf", conf), "--api-hosts", api]
    return daemon.start()

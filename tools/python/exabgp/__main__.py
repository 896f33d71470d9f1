from exabgp import become

become()

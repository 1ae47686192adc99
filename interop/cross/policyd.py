"""policyd-spf with another DNS: policyd.py PORT CONFIG. The program itself knows only that of the system."""
import sys

import dns.resolver

resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers, resolver.port = ["127.0.0.1"], int(sys.argv[1])
dns.resolver.default_resolver = resolver
del sys.argv[1]

from spf_engine.policyd_spf import main

main()

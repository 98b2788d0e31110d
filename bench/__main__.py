"""`python -m bench`: measures the product and writes var/bench.json. QUICK=1: within a minute."""

import sys

from bench.run import main

sys.exit(main())

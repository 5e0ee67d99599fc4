"""Numbers in, numbers out: pure functions on plain values, each naming its formula and source."""

import os

# One thread for numpy's algebra, said before it is loaded: the arrays are small, and others want the other cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

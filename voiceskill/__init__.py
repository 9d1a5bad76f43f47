"""Offline voice assistant that talks a person through a muscle cramp."""

import os

__version__ = "0.1.0"

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Before numpy is imported. Its second thread waits busily after each product: a recognition cost
# 0.36 s of processor time instead of 0.24 s, and was no faster.

"""Benchmarks: speed, memory and accuracy, measured on the machine they run on."""

import voiceskill  # noqa: F401 - before numpy, which it keeps to one thread

"""Benchmarks: speed, memory and accuracy, measured on the machine they run on."""

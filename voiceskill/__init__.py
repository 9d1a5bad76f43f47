"""Offline voice assistant that talks a person through a muscle cramp."""

__version__ = "0.1.0"

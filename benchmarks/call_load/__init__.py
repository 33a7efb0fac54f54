"""The parts of benchmarks/calls.py: SIPp as callers and agents, and the two call centres that they load in turn."""

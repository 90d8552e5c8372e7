"""Benches: figures and ratios, printed and kept; none is asserted as a time."""

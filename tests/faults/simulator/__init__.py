"""Every fault that fits in one process, drawn from one seed: real tills, the real server, a model that knows better.

`run` plays a seed, `steps` and `mishaps` are what may happen, `expected` is the oracle, `watch` compares, `planted`
holds the bugs that must be found. Run it with `make faults SEEDS=n STEPS=m FIRST_SEED=k`.
"""

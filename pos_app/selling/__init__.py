"""Pure decisions of a sale: basket, permissions, offline policy.

Rule: no disk, clock, network or Qt; time and ids are arguments. Not here: acting on a decision (`pos_app.till`).
"""

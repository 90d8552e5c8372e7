"""The screens, one a file: each draws the desk or a use case's values and hands taps on.

Rule: a screen keeps no state that another needs (that is `desk`) and says no word of its own (that is `phrases`).
"""

"""A receipt printer made of software, for demos and tests: it listens on TCP and prints into PNG files.

Rule: it understands ESC/POS by itself (`interpreter`) and knows nothing of our layouts, so that it can disagree with
us. It answers and fails like a real one.
"""

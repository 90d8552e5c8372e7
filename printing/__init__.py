"""Paper: slip documents, layout, ESC/POS bytes, previews and printer transports.

Rule: imports `models` and `resources` only. Words arrive as an argument, never from a global.
Way of a slip: fact -> `slips` -> `templates` (+ `words`) -> `Layout` -> `escpos` bytes -> `transports`; or `preview`.
"""

"""The cashier window: the only room that imports PySide6.

One way out: `operations` runs a use case off the GUI thread. One way in: `bridge.changed`. Words only through
`phrases`. `desk` holds what lies on the counter now; screens draw it. Rule: no decision about money here.
"""

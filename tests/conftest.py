"""What every test gets: windows without a screen.

Not here: fixtures of one room; they live in that room's own conftest.
"""

import os

# Before Qt is imported anywhere. A person who wants to watch sets the variable first.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

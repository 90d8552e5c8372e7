"""Files that ship with the product: fonts, icons, slip templates, translations.

Rule: one door. Everybody asks `path(name)`; nobody builds a path into this folder.
"""

from pathlib import Path

_ROOT = Path(__file__).parent


def path(name: str) -> Path:
    """Return the file or folder `name` (relative, `/` between parts); FileNotFoundError when it does not ship."""
    found = _ROOT / name
    if not found.exists():
        raise FileNotFoundError(f"no resource named {name!r}")
    return found

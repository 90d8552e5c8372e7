"""How a server and a camera are named by people: in settings, in choices and while pairing.

Rule: pure; nothing of a device or a network is loaded here.
"""

from urllib.parse import urlsplit

_PAGES = ("/admin", "/m", "/demo")


def is_camera(text: str) -> bool:
    """Say whether this names a camera: "0", "1", … up to 99, "auto" (0 where there is one), "none", or
    "folder:///path" with pictures to play."""
    return (
        text in ("auto", "none")
        or text.startswith("folder://")
        or (text.isascii() and text.isdigit() and len(text) <= 2)
    )


def server_url(text: str) -> str:
    """Return a server's address as it is used, without its last slash; ValueError when it is none.

    Who leaves the scheme out means https, who gives a page of HQ or of members the server behind it. A name and a
    password in it are refused: they would be stored and shown.
    """
    address = text.strip()
    address = address if "://" in address else f"https://{address}"
    parts = urlsplit(address)
    host = parts.hostname or ""
    clean = address.isascii() and address.isprintable() and " " not in address
    plain = parts.username is None and parts.password is None and not parts.query and not parts.fragment
    if parts.scheme not in ("http", "https") or not clean or not plain or not host or parts.port == 0:
        raise ValueError("no server address")
    if ":" not in host and not all(0 < len(label) < 64 for label in host.removesuffix(".").split(".")):
        raise ValueError("no server address")
    page = next((page for page in _PAGES if f"{parts.path}/".startswith(f"{page}/")), None)
    return address.rstrip("/") if page is None else f"{parts.scheme}://{parts.netloc}"

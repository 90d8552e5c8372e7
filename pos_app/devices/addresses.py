"""How a camera is named in settings and choices. Light: nothing of a device is loaded here."""


def is_camera(text: str) -> bool:
    """Say whether this names a camera: "0", "1", … up to 99, "none", or "folder:///path" with pictures to play."""
    return text == "none" or text.startswith("folder://") or (text.isascii() and text.isdigit() and len(text) <= 2)

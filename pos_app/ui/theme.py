"""How the till looks: colour, size and type tokens, and the style sheet made of them.

Rule: every colour and size of the window stands here once, the colours by theme (`use`). `pairs` lists each text colour
with the ground it is drawn on, and the tests hold all of them to a contrast of 4.5:1 (WCAG 2.2, 1.4.3).
"""

from collections.abc import Mapping

from PySide6.QtGui import QFont, QFontDatabase

import resources

INK = "#101828"
INK_SOFT = "#5B667A"
SURFACE = "#FFFFFF"
GROUND = "#F2F4F8"
LINE = "#DFE4EC"
LINE_STRONG = "#98A2B3"
PRIMARY = "#1D5BF0"
PRIMARY_PRESSED = "#1648C4"
PRIMARY_INK = "#1747C0"
PRIMARY_SOFT = "#E9F0FF"
PRIMARY_TINT = "#DDE7FF"
ON_PRIMARY = "#FFFFFF"
GOOD = "#06663B"
GOOD_SOFT = "#E2F6EA"
GOOD_STRONG = "#12804C"
WARN = "#8A3B08"
WARN_SOFT = "#FEF1D0"
BAD = "#A61B12"
BAD_SOFT = "#FDE8E6"
DISABLED = "#E6EAF1"
ON_DISABLED = "#5B667A"
BAR = "#0F1930"
BAR_INK = "#FFFFFF"
BAR_SOFT = "#AEBBD6"
TRAINING, TRAINING_INK = "#F79B0E", "#241500"
"""The bar of a till in training, alike in every theme."""
CHIP = {
    "plain": ("#D5DDF0", "#24304D"),
    "good": ("#86E5B4", "#123A2C"),
    "warn": ("#FFD58A", "#463110"),
    "bad": ("#FFBDB4", "#571C17"),
}
"""Header chips, alike in every theme: kind -> (text, ground)."""

_DARK = {
    "INK": "#EDF1F8", "INK_SOFT": "#A9B4C8", "SURFACE": "#1B2436", "GROUND": "#111827", "LINE": "#2F3B52",
    "LINE_STRONG": "#66738C", "PRIMARY": "#2A63F2", "PRIMARY_PRESSED": "#1F4FCB", "PRIMARY_INK": "#9DBBFF",
    "PRIMARY_SOFT": "#1F3158", "PRIMARY_TINT": "#2A3F70", "ON_PRIMARY": "#FFFFFF", "GOOD": "#7FE0AE",
    "GOOD_SOFT": "#123A2C", "GOOD_STRONG": "#12804C", "WARN": "#FFCF87", "WARN_SOFT": "#44310F", "BAD": "#FFB3A9",
    "BAD_SOFT": "#521D18", "DISABLED": "#2A3448", "ON_DISABLED": "#A9B4C8", "BAR": "#0A101D", "BAR_INK": "#FFFFFF",
    "BAR_SOFT": "#AEBBD6", "TRAINING": "#F79B0E", "TRAINING_INK": "#241500",
}  # fmt: skip
THEMES: Mapping[str, Mapping[str, str]] = {"light": {key: globals()[key] for key in _DARK}, "dark": _DARK}
"""Every colour of the window by theme: the same names in each. The constants above are those of the theme in use."""
FIRST = "light"
name = FIRST
"""The theme in use."""


def use(chosen: str) -> None:
    """Draw in this theme from now on, one of `THEMES`; the window is built again by whoever changes it. KeyError."""
    globals().update(THEMES[chosen], name=chosen)


def tones() -> dict[str, tuple[str, str]]:
    """Return notices, badges and states: tone -> (text, ground)."""
    return {
        "info": (PRIMARY_INK, PRIMARY_SOFT),
        "good": (GOOD, GOOD_SOFT),
        "warn": (WARN, WARN_SOFT),
        "bad": (BAD, BAD_SOFT),
        "plain": (INK_SOFT, GROUND),
    }


def pairs() -> tuple[tuple[str, str], ...]:
    """Return each text colour with every ground that it is drawn on."""
    return (
        (INK, SURFACE), (INK, GROUND), (INK, PRIMARY_SOFT), (INK_SOFT, SURFACE), (INK_SOFT, GROUND),
        (INK_SOFT, PRIMARY_SOFT), (PRIMARY_INK, SURFACE), (PRIMARY_INK, GROUND), (PRIMARY_INK, PRIMARY_SOFT),
        (PRIMARY_INK, PRIMARY_TINT), (ON_PRIMARY, PRIMARY), (ON_PRIMARY, PRIMARY_PRESSED), (ON_PRIMARY, GOOD_STRONG),
        (ON_DISABLED, DISABLED), (BAD, SURFACE), (GOOD, SURFACE), (WARN, SURFACE), (BAR_INK, BAR), (BAR_SOFT, BAR),
        (PAPER_INK, PAPER), (TRAINING_INK, TRAINING), *CHIP.values(), *tones().values(),
    )  # fmt: skip


PAPER, PAPER_INK = "#FFFEFA", "#20232B"
"""A slip's, alike in every theme."""

TOUCH = 48
TILE = 92
CONFIRM = 84
GAP = 12
RADIUS = 12

TEXT = 16
TEXT_STRONG = 18
HEADING = 20
TITLE = 26
TOTAL = 36

FAMILY = "Tillkeeper Sans"
FALLBACKS = ("Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei UI", "PingFang SC", "Noto Sans", "Segoe UI")


def load_fonts() -> list[str]:
    """Register the fonts that ship with us; returns the family names to use, best first."""
    for name in ("fonts/TillkeeperSans-Regular.otf", "fonts/TillkeeperSans-Bold.otf"):
        try:
            QFontDatabase.addApplicationFont(str(resources.path(name)))
        except FileNotFoundError:
            continue
    return [FAMILY, *FALLBACKS]


def font(size: int, bold: bool = False) -> QFont:
    """Return the till's font at `size` pixels."""
    made = QFont()
    made.setFamilies([FAMILY, *FALLBACKS])
    made.setPixelSize(size)
    made.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    return made


def luminance(colour: str) -> float:
    """Return the relative luminance of #RRGGBB (WCAG 2.2)."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def style_sheet() -> str:
    """Return the one style sheet of the window."""
    return f"""
    * {{ color: {INK}; }}
    QWidget#window, QWidget[role="page"] {{ background: {GROUND}; }}
    QDialog {{ background: {SURFACE}; }}
    QWidget#header {{ background: {BAR}; }}
    QWidget#header[training="true"], QFrame#customer_training {{ background: {TRAINING}; }}
    QWidget#header[training="true"] QLabel, QFrame#customer_training QLabel {{ color: {TRAINING_INK}; }}
    QFrame[role="card"] {{ background: {SURFACE}; border: 1px solid {LINE}; border-radius: {RADIUS}px; }}
    QFrame[role="rule"] {{ background: {LINE}; border: none; max-height: 1px; min-height: 1px; }}
    QLabel {{ background: transparent; }}
    QLabel[tone="soft"] {{ color: {INK_SOFT}; }}
    QLabel[tone="primary"] {{ color: {PRIMARY_INK}; }}
    QLabel[tone="good"] {{ color: {GOOD}; }}
    QLabel[tone="warn"] {{ color: {WARN}; }}
    QLabel[tone="bad"] {{ color: {BAD}; }}
    QLabel[tone="bar"] {{ color: {BAR_INK}; }}
    QLabel[tone="bar-soft"] {{ color: {BAR_SOFT}; }}
    QLineEdit {{ background: {SURFACE}; border: 2px solid {LINE_STRONG}; border-radius: {RADIUS}px;
        padding: 0 14px; min-height: {TOUCH + 6}px; selection-background-color: {PRIMARY};
        selection-color: {ON_PRIMARY}; placeholder-text-color: {INK_SOFT}; }}
    QLineEdit:disabled {{ background: {GROUND}; border-color: {LINE}; color: {INK_SOFT}; }}
    QLineEdit:focus {{ border-color: {PRIMARY}; }}
    QPushButton {{ background: {SURFACE}; border: 1px solid {LINE_STRONG}; border-radius: {RADIUS - 2}px;
        padding: 0 16px; min-height: {TOUCH - 2}px; color: {INK}; }}
    QPushButton:hover {{ border-color: {PRIMARY}; }}
    QPushButton:pressed {{ background: {PRIMARY_SOFT}; border-color: {PRIMARY}; }}
    QPushButton:focus {{ border: 2px solid {PRIMARY}; padding: 0 15px; min-height: {TOUCH - 4}px; }}
    QPushButton:disabled {{ background: {DISABLED}; color: {ON_DISABLED}; border-color: {DISABLED}; }}
    QPushButton[tall="true"] {{ min-height: {TOUCH + 8}px; }}
    QPushButton[tall="true"]:focus {{ min-height: {TOUCH + 6}px; }}
    QPushButton[kind="quiet"] {{ border-color: transparent; background: transparent; color: {PRIMARY_INK}; }}
    QPushButton[kind="quiet"]:hover {{ background: {PRIMARY_SOFT}; }}
    QPushButton[kind="quiet"]:focus {{ border: 2px solid {PRIMARY}; }}
    QPushButton[kind="primary"] {{ background: {PRIMARY}; border-color: {PRIMARY}; color: {ON_PRIMARY}; }}
    QPushButton[kind="primary"]:pressed {{ background: {PRIMARY_PRESSED}; }}
    QPushButton[kind="primary"]:disabled {{ background: {DISABLED}; color: {ON_DISABLED};
        border-color: {DISABLED}; }}
    QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 2px; }}
    QScrollBar::handle:vertical {{ background: {LINE_STRONG}; border-radius: 3px; min-height: 48px; }}
    QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
        background: transparent; height: 0; }}
    QToolTip {{ background: {BAR}; color: {BAR_INK}; border: none; padding: 8px; }}
    QComboBox {{ background: {SURFACE}; border: 2px solid {LINE_STRONG}; border-radius: {RADIUS}px;
        padding: 0 14px; min-height: {TOUCH}px; }}
    QComboBox:focus {{ border-color: {PRIMARY}; }}
    QComboBox::drop-down {{ border: none; width: 36px; }}
    QComboBox QAbstractItemView {{ background: {SURFACE}; border: 1px solid {LINE_STRONG};
        selection-background-color: {PRIMARY_SOFT}; selection-color: {INK}; outline: none; }}
    """

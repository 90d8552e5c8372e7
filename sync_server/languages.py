"""Which of our languages a browser reads.

Rule: pure; the words themselves are each room's own (resources/words).
"""

from models.catalogue import LANGUAGES


def choose_language(cookie: str | None, accept_language: str) -> str:
    """Return the language chosen by cookie, else the best of the Accept-Language header, else Chinese."""
    if cookie in LANGUAGES:
        return cookie
    for part in accept_language.split(","):
        wanted = part.split(";")[0].strip().lower()[:2]
        for language in LANGUAGES:
            if wanted and language.lower().startswith(wanted):
                return language
    return LANGUAGES[0]

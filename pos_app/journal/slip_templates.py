"""Which template a slip is laid out with: HQ's when it holds, else the one we ship."""

import logging
from functools import lru_cache

from models.refusals import Refusal
from pos_app.journal.mirror import Catalogue
from printing.blocks import Template
from printing.templates import default_template, parse_template

_log = logging.getLogger(__name__)


def template_for(catalogue: Catalogue, kind: str) -> tuple[Template, bool]:
    """Return the template for a kind, and whether HQ's was sound."""
    synced = catalogue.templates.get(kind)
    return (default_template(kind), True) if synced is None else _synced(kind, synced.version, synced.body)


@lru_cache(maxsize=64)
def _synced(kind: str, version: int, body: str) -> tuple[Template, bool]:
    try:
        template = parse_template(body)
        if template.kind != kind:
            raise Refusal("template_invalid", {"pointer": "/kind"})
    except Refusal as refusal:
        _log.warning("template %s version %s does not hold: %s", kind, version, refusal.data)
        return default_template(kind), False
    return template, True

"""HQ: the pages and JSON endpoints from which people run the chain.

Rule: parse, ask `reports` or a feature room, render. No SQL that writes, no business rules. Every page is also a
JSON endpoint under `/admin/api`. Words come from `resources/words/hq.<language>.json`, never from a template.
"""

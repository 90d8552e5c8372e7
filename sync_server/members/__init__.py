"""People: sealed names and phones, their cards' references, and the codes on their phones.

Rule: plain names and phones leave this room only for a till's mirror or a member's own page.
"""

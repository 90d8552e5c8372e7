"""The member's page `/m/`: a phone's view of one's own cards, passes, history and codes.

Rule: parse, ask a feature room under the member's own claims, render. No SQL, no business rules; every page works
without JavaScript, which only makes it quicker. Words come from `resources/words/member.<language>.json`.
"""

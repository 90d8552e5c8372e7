"""The window, driven offscreen over a real till: real journal, real use cases, real widgets."""

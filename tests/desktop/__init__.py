"""The program in a window of a real X server, worked by keys and clicks that come through that server."""

"""What can go wrong between till and server that is not the server's considered no."""

from pos_app.errors import Trouble


class ServerUnavailable(Trouble):
    """No usable answer: unreachable, too slow, overloaded, or something else answers in its place.

    Data: `reason` ("connection", "tls", "certificate", "timeout", "status 503", "not our server" …) and
    `retry_after_seconds` (0: not said).
    """

    code = "server_unreachable"

    @property
    def retry_after_seconds(self) -> float:
        """How long the server asked to be left alone."""
        value = self.data.get("retry_after_seconds", 0)
        return float(value) if isinstance(value, int | float) else 0.0


class ServerUnreached(ServerUnavailable):
    """No connection was made, so nothing of the request has left this till; data as there."""

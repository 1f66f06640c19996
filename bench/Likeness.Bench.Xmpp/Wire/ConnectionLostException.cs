namespace Likeness.Bench.Xmpp.Wire;

/// <summary>The server ended a connection or refused a step that every server must do.</summary>
sealed class ConnectionLostException(string message) : Exception(message);

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>The server did not play its part.</summary>
public sealed class TranscriptException(string message, Exception? cause = null) : Exception(message, cause);

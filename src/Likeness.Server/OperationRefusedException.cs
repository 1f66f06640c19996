namespace Likeness.Server;

/// <summary>An operation that cannot be done; the message is one sentence for the operator.</summary>
public sealed class OperationRefusedException(string message, Exception? inner = null) : Exception(message, inner);

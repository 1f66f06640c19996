namespace Likeness.Xmpp.Sasl;

/// <summary>The client's half of one authentication exchange.</summary>
public interface ISaslClient
{
    string Name { get; }

    /// <summary>The initial response.</summary>
    byte[] Start();

    /// <summary>The answer to a challenge.</summary>
    /// <exception cref="SaslException">The server's message is malformed, weaker than allowed, or not from somebody who knows the password.</exception>
    byte[] Respond(ReadOnlySpan<byte> challenge);

    /// <summary>Checks the additional data of the success; null when there was none.</summary>
    /// <exception cref="SaslException">The server did not prove that it knows the password.</exception>
    void Finish(byte[]? additionalData);
}

/// <summary>Authentication failed: the server said so with a condition of RFC 6120 §6.5, or it could not be trusted.</summary>
public sealed class SaslException(string condition, string? text = null) : Exception(text ?? $"Authentication failed: {condition}.")
{
    public string Condition { get; } = condition;
}

/// <summary>PLAIN; only for connections under TLS.</summary>
public sealed class PlainClient(string user, string password) : ISaslClient
{
    public string Name => "PLAIN";

    public byte[] Start() => new PlainMessage(null, user, password).ToBytes();

    public byte[] Respond(ReadOnlySpan<byte> challenge) => challenge.IsEmpty ? Start() : throw new SaslException("malformed-request");

    public void Finish(byte[]? additionalData)
    {
        // PLAIN proves nothing of the server.
    }
}

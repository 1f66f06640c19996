using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Likeness.Xmpp.Sasl;

/// <summary>The mechanisms HT-SHA-256 (draft-schmaus-kitten-sasl-ht): one message each way, both proven by a token that both sides know.</summary>
public static class HashedToken
{
    private const string Prefix = "HT-SHA-256-";

    /// <summary>The names, the safest first: bound to the connection, bound to the server's certificate, bound to nothing.</summary>
    public static IReadOnlyList<string> Mechanisms { get; } = [Prefix + "EXPR", Prefix + "ENDP", Prefix + "NONE"];

    /// <summary>What a mechanism binds to on the server's side; null: it is not to be had on this stream.</summary>
    public static byte[]? BindingOf(string mechanism, SaslServerContext context) => mechanism switch
    {
        Prefix + "EXPR" => context.BindingOf("tls-exporter"),
        Prefix + "ENDP" => context.BindingOf("tls-server-end-point"),
        Prefix + "NONE" => [],
        _ => null,
    };

    /// <summary>The client's message.</summary>
    public static byte[] Request(string user, string token, ReadOnlySpan<byte> binding) => [.. Encoding.UTF8.GetBytes(user), 0, .. Proof(token, "Initiator"u8, binding)];

    /// <summary>What the server answers.</summary>
    public static byte[] Answer(string token, ReadOnlySpan<byte> binding) => Proof(token, "Responder"u8, binding);

    /// <summary>The client's message taken apart; null: it is malformed.</summary>
    public static (string User, byte[] Proof)? Read(ReadOnlySpan<byte> message)
    {
        var end = message.IndexOf((byte)0);
        return end > 0 && message.Length - end - 1 == HMACSHA256.HashSizeInBytes && Utf8.IsValid(message[..end])
            ? (Encoding.UTF8.GetString(message[..end]), message[(end + 1)..].ToArray())
            : null;
    }

    /// <summary>Whether this is the proof of who knows the token; compared in constant time.</summary>
    public static bool Matches(byte[] proof, string token, ReadOnlySpan<byte> binding) =>
        CryptographicOperations.FixedTimeEquals(proof, Proof(token, "Initiator"u8, binding));

    private static byte[] Proof(string token, ReadOnlySpan<byte> role, ReadOnlySpan<byte> binding)
    {
        byte[] message = [.. role, .. binding];
        return HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), message);
    }
}

/// <summary>The client's half of <see cref="HashedToken"/>.</summary>
/// <param name="binding">What the mechanism binds to; empty for <c>HT-SHA-256-NONE</c>.</param>
public sealed class HashedTokenClient(string mechanism, string user, string token, byte[] binding) : ISaslClient
{
    public string Name => mechanism;

    public byte[] Start() => HashedToken.Request(user, token, binding);

    public byte[] Respond(ReadOnlySpan<byte> challenge) => throw new SaslException("malformed-request");

    public void Finish(byte[]? additionalData)
    {
        if (additionalData is null || !CryptographicOperations.FixedTimeEquals(additionalData, HashedToken.Answer(token, binding)))
        {
            throw new SaslException("not-authorized", "The server did not prove that it knows the token.");
        }
    }
}

namespace Likeness.Xmpp.Sasl;

public enum SaslOutcome
{
    Challenge,
    Success,
    Failure,
}

/// <summary>What the server answers to one message of the client.</summary>
/// <param name="Data">Of a challenge, or the additional data of a success; null when there is none.</param>
/// <param name="Account">On success the normalised localpart that logged in.</param>
/// <param name="Condition">On failure a condition of RFC 6120 §6.5, such as <c>not-authorized</c>.</param>
public sealed record SaslStep(SaslOutcome Outcome, byte[]? Data = null, string? Account = null, string? Condition = null)
{
    public static SaslStep Challenge(byte[] data) => new(SaslOutcome.Challenge, data);

    public static SaslStep Success(string account, byte[]? data = null) => new(SaslOutcome.Success, data, account);

    public static SaslStep Failure(string condition) => new(SaslOutcome.Failure, Condition: condition);
}

/// <summary>The server's half of one authentication exchange; used for one exchange only.</summary>
public interface ISaslMechanism
{
    /// <summary>As in the list of mechanisms, such as <c>SCRAM-SHA-256-PLUS</c>.</summary>
    string Name { get; }

    /// <param name="response">The client's message; null when <c>auth</c> came without initial response.</param>
    ValueTask<SaslStep> Step(ReadOnlyMemory<byte>? response, CancellationToken cancellationToken = default);
}

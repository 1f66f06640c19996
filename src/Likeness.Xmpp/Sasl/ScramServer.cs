using System.Security.Cryptography;
using System.Text;

namespace Likeness.Xmpp.Sasl;

/// <summary>The server's half of SCRAM (RFC 5802, RFC 7677), with or without channel binding.</summary>
public sealed class ScramServer(ScramHash hash, bool plus, SaslServerContext context) : ISaslMechanism
{
    private const string BindingFlag = "p=";
    private const int NonceBytes = 18;
    private ScramClientFirst? _first;
    private ScramCredentials? _credentials;
    private string? _user;
    private string _asked = "";
    private string _nonce = "";
    private string _serverFirst = "";
    private bool _over;

    public string Name => hash.Mechanism(plus);

    /// <summary>The client asked for a binding type that was never offered, such as tls-unique under TLS 1.3: no guess at a password.</summary>
    public bool TriedUnknownBinding => plus && _first is { } first && BindingOf(first) is null && first.Flag.StartsWith(BindingFlag, StringComparison.Ordinal);

    /// <summary>Replaces the random part of the nonce; for test vectors.</summary>
    internal string? NonceSuffix { get; init; }

    public async ValueTask<SaslStep> Step(ReadOnlyMemory<byte>? response, CancellationToken cancellationToken = default)
    {
        if (_over)
        {
            return SaslStep.Failure("malformed-request");
        }

        if (response is null)
        {
            return _first is null ? SaslStep.Challenge([]) : End(SaslStep.Failure("malformed-request"));
        }

        return _first is null ? await First(response.Value, cancellationToken) : End(Final(response.Value.Span));
    }

    private async ValueTask<SaslStep> First(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        _first = ScramMessages.ParseClientFirst(message.Span);
        if (_first is null)
        {
            return End(SaslStep.Failure("malformed-request"));
        }

        if (!BindingIsAcceptable(_first.Flag))
        {
            return End(SaslStep.Failure(TriedUnknownBinding ? "malformed-request" : "not-authorized"));
        }

        _user = Jid.NormalizeLocal(_first.User);
        _asked = _user ?? _first.User;
        var found = _user is null ? null : await context.Find(_user, hash, cancellationToken);
        if (found is null)
        {
            _credentials = FakeCredentials.For(_asked, hash, context);
            _user = null;
        }
        else
        {
            _credentials = found;
        }

        _nonce = _first.Nonce + (NonceSuffix ?? Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes)));
        _serverFirst = $"r={_nonce},s={Convert.ToBase64String(_credentials.Salt)},i={_credentials.Iterations}{Announced()}";
        return SaslStep.Challenge(Encoding.UTF8.GetBytes(_serverFirst));
    }

    // 'y' says "you offered no -PLUS": when we did, somebody removed it on the way (RFC 5802 §6).
    private bool BindingIsAcceptable(string flag) => flag switch
    {
        "n" => !plus,
        "y" => !plus && (context.EndPoint is null || context.UnknownBindingTried),
        _ => plus && BindingOf(_first!) is not null,
    };

    private byte[]? BindingOf(ScramClientFirst first) =>
        first.Flag.StartsWith(BindingFlag, StringComparison.Ordinal) ? context.BindingOf(first.Flag[BindingFlag.Length..]) : null;

    // XEP-0474: whoever takes something out of the lists on the way has to know the password to go unnoticed.
    private string Announced() => context.Announced is { } announced ? $",h={Convert.ToBase64String(hash.Of(Encoding.UTF8.GetBytes(announced)))}" : "";

    private SaslStep Final(ReadOnlySpan<byte> message)
    {
        if (ScramMessages.ParseClientFinal(message) is not { } final)
        {
            return SaslStep.Failure("malformed-request");
        }

        if (!context.Admit(_asked))
        {
            return SaslStep.Failure("temporary-auth-failure");
        }

        byte[] binding = [.. Encoding.UTF8.GetBytes(_first!.Header), .. plus ? BindingOf(_first)! : []];
        var sameChannel = CryptographicOperations.FixedTimeEquals(final.Binding, binding) & Same(final.Nonce, _nonce);

        var authMessage = Encoding.UTF8.GetBytes($"{_first.Bare},{_serverFirst},{final.WithoutProof}");
        var proven = ProofHolds(final.Proof, authMessage);
        if (!(sameChannel & proven) || _user is null)
        {
            return SaslStep.Failure("not-authorized");
        }

        if (!SaslUser.MayActAs(_user, _first.Authorization, context.Domain))
        {
            return SaslStep.Failure("invalid-authzid");
        }

        var signature = Convert.ToBase64String(hash.Keyed(_credentials!.ServerKey, authMessage));
        return SaslStep.Success(_user, Encoding.UTF8.GetBytes($"v={signature}"));
    }

    private bool ProofHolds(byte[] proof, byte[] authMessage)
    {
        if (proof.Length != hash.Size())
        {
            return false;
        }

        var clientKey = hash.Keyed(_credentials!.StoredKey, authMessage);
        for (var index = 0; index < clientKey.Length; index++)
        {
            clientKey[index] ^= proof[index];
        }

        return CryptographicOperations.FixedTimeEquals(hash.Of(clientKey), _credentials.StoredKey);
    }

    private SaslStep End(SaslStep step)
    {
        _over = true;
        return step;
    }

    private static bool Same(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}

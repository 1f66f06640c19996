using System.Security.Cryptography;
using System.Text;

namespace Likeness.Xmpp.Sasl;

/// <summary>The client's half of SCRAM (RFC 5802, RFC 7677).</summary>
public sealed class ScramClient : ISaslClient
{
    private const int MinIterations = 4096;
    private const int MaxIterations = 5_000_000;
    private readonly ScramHash _hash;
    private readonly string _user;
    private readonly string _password;
    private readonly byte[]? _endPoint;
    private readonly bool _couldBind;
    private readonly string _nonce;
    private byte[]? _serverSignature;
    private bool _verified;

    /// <param name="endPoint">With it the -PLUS mechanism is spoken: the connection's data for <see cref="BindingType"/>.</param>
    /// <param name="couldBind">Channel binding was possible, but the server offered no -PLUS: it is told so, which uncovers who removed the offer.</param>
    public ScramClient(ScramHash hash, string user, string password, byte[]? endPoint = null, bool couldBind = false)
        : this(hash, user, password, endPoint, couldBind, Convert.ToBase64String(RandomNumberGenerator.GetBytes(18)))
    {
    }

    internal ScramClient(ScramHash hash, string user, string password, byte[]? endPoint, bool couldBind, string nonce)
    {
        (_hash, _user, _password, _endPoint, _couldBind, _nonce) = (hash, user, password, endPoint, couldBind, nonce);
    }

    /// <summary>The channel binding of a -PLUS mechanism.</summary>
    public string BindingType { get; init; } = "tls-server-end-point";

    /// <summary>What the server offered, as <see cref="SaslServerContext.Announcement"/> writes it: when the server says what it offered (XEP-0474), both have to be the same.</summary>
    public string? Announced { get; init; }

    public string Name => _hash.Mechanism(_endPoint is not null);

    private string Header => _endPoint is not null ? $"p={BindingType},," : _couldBind ? "y,," : "n,,";

    private string Bare => $"n={ScramMessages.Escape(_user)},r={_nonce}";

    public byte[] Start() => Encoding.UTF8.GetBytes(Header + Bare);

    public byte[] Respond(ReadOnlySpan<byte> challenge)
    {
        if (challenge.IsEmpty && _serverSignature is null)
        {
            return Start();
        }

        if (_serverSignature is not null)
        {
            Verify(challenge);
            return [];
        }

        var first = ScramMessages.ParseServerFirst(challenge) ?? throw new SaslException("malformed-request");
        if (!first.Nonce.StartsWith(_nonce, StringComparison.Ordinal) || first.Nonce.Length == _nonce.Length)
        {
            throw new SaslException("not-authorized", "The server's nonce does not begin with ours.");
        }

        if (first.Iterations is < MinIterations or > MaxIterations)
        {
            throw new SaslException("mechanism-too-weak", $"The server asks for {first.Iterations} iterations; {MinIterations} to {MaxIterations} are accepted.");
        }

        if (Announced is not null && first.Offered is { } offered && offered != Convert.ToBase64String(_hash.Of(Encoding.UTF8.GetBytes(Announced))))
        {
            throw new SaslException("not-authorized", "Somebody on the way has changed what the server offers.");
        }

        return Prove(first);
    }

    public void Finish(byte[]? additionalData)
    {
        if (additionalData is not null && _serverSignature is not null && !_verified)
        {
            Verify(additionalData);
        }

        if (!_verified)
        {
            throw new SaslException("not-authorized", "The server did not prove that it knows the password.");
        }
    }

    private byte[] Prove(ScramServerFirst first)
    {
        var salted = ScramKeyDerivation.SaltedPassword(_password, _hash, first.Salt, first.Iterations);
        var clientKey = _hash.Keyed(salted, "Client Key"u8);
        var withoutProof = $"c={Convert.ToBase64String([.. Encoding.UTF8.GetBytes(Header), .. _endPoint ?? []])},r={first.Nonce}";
        var authMessage = Encoding.UTF8.GetBytes($"{Bare},{first.Text},{withoutProof}");
        var proof = _hash.Keyed(_hash.Of(clientKey), authMessage);
        for (var index = 0; index < proof.Length; index++)
        {
            proof[index] ^= clientKey[index];
        }

        _serverSignature = _hash.Keyed(_hash.Keyed(salted, "Server Key"u8), authMessage);
        return Encoding.UTF8.GetBytes($"{withoutProof},p={Convert.ToBase64String(proof)}");
    }

    private void Verify(ReadOnlySpan<byte> message)
    {
        var verifier = Encoding.UTF8.GetString(message).Split(',')[0];
        _verified = ScramMessages.TryValue(verifier, 'v', out var value) && StrictBase64.TryDecode(value, out var signature)
            && CryptographicOperations.FixedTimeEquals(signature, _serverSignature);
        if (!_verified)
        {
            throw new SaslException("not-authorized", "The server did not prove that it knows the password.");
        }
    }
}

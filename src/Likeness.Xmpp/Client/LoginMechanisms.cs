using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client;

/// <summary>Which of the mechanisms that a stream offers is taken: in the client's own order of preference, never in the server's (RFC 6120 §6.3.3).</summary>
internal sealed class LoginMechanisms
{
    private static readonly ScramHash[] Hashes = [ScramHash.Sha256, ScramHash.Sha1];

    // The very connection before the certificate, which another connection may have, too (XEP-0440 §3).
    private static readonly string[] Bindings = ["tls-exporter", "tls-server-end-point"];
    private readonly ClientStream _stream;
    private readonly XmppClientOptions _options;
    private readonly HashSet<string> _offered;
    private readonly IReadOnlyList<string>? _bindings;
    private readonly IReadOnlyList<string> _tokens;

    public LoginMechanisms(ClientStream stream, XmppClientOptions options, Element features)
    {
        (_stream, _options) = (stream, options);
        var profile = features.Child("authentication", Ns.Sasl2);
        HasProfile = profile is not null && stream.IsSecure;
        _offered = Names(HasProfile ? profile : features.Child("mechanisms", Ns.Sasl)).ToHashSet(StringComparer.Ordinal);
        _bindings = features.Child("sasl-channel-binding", Ns.SaslChannelBinding)?.Select(type => type["type"] ?? "").ToArray();
        _tokens = [.. Names(profile?.Child("inline")?.Child("fast", Ns.Fast))];
    }

    /// <summary>The extensible profile (XEP-0388) is offered, and what it says is secret.</summary>
    public bool HasProfile { get; }

    /// <summary>How a token for the next login would be used: bound to the connection or the server's certificate where both can; null: none is to be had.</summary>
    public string? TokenMechanism => HashedToken.Mechanisms.FirstOrDefault(name => _tokens.Contains(name) && BindingOf(name) is not null);

    /// <exception cref="SaslException">There is none that we use.</exception>
    public ISaslClient Choose()
    {
        var user = User();
        var password = _options.Password ?? throw new SaslException("not-authorized", "There is no password, and no token that is of use.");
        var plusOffered = _offered.Any(name => name.EndsWith("-PLUS", StringComparison.Ordinal));

        // Without the list (XEP-0440) a server may well have another type alone: ejabberd, for example.
        var type = Bindings.FirstOrDefault(type => _bindings?.Contains(type) == true && DataOf(type) is not null);
        var announced = SaslServerContext.Announcement(_offered, _bindings ?? []);
        foreach (var hash in Hashes)
        {
            if (type is not null && _offered.Contains(hash.Mechanism(plus: true)))
            {
                return new ScramClient(hash, user, password, DataOf(type)) { BindingType = type, Announced = announced };
            }
        }

        foreach (var hash in Hashes)
        {
            if (_offered.Contains(hash.Mechanism(plus: false)))
            {
                return new ScramClient(hash, user, password, couldBind: Bindings.Any(type => DataOf(type) is not null) && !plusOffered) { Announced = announced };
            }
        }

        return _offered.Contains("PLAIN") && _stream.IsSecure
            ? new PlainClient(user, password)
            : throw new SaslException("invalid-mechanism", $"The server offers no mechanism we use: {string.Join(", ", _offered)}.");
    }

    /// <summary>A login by this token; null: the server does not take it on this stream.</summary>
    public ISaslClient? ByToken(FastToken token) =>
        _options.ClientId is not null && _tokens.Contains(token.Mechanism) && BindingOf(token.Mechanism) is { } binding && !(token.Expires <= _options.TimeProvider.GetUtcNow())
            ? new HashedTokenClient(token.Mechanism, User(), token.Text, binding)
            : null;

    private string User() => _options.Account.Local ?? throw new SaslException("invalid-authzid", "The account has no user name.");

    private byte[]? DataOf(string type) => type == "tls-exporter" ? _stream.Exporter : _stream.EndPoint;

    private byte[]? BindingOf(string mechanism) =>
        mechanism.EndsWith("-EXPR", StringComparison.Ordinal) ? _stream.Exporter
        : mechanism.EndsWith("-ENDP", StringComparison.Ordinal) ? _stream.EndPoint
        : mechanism.EndsWith("-NONE", StringComparison.Ordinal) ? []
        : null;

    private static IEnumerable<string> Names(Element? list) => list?.Where(child => child.Name == "mechanism").Select(mechanism => mechanism.Text().Trim()) ?? [];
}

namespace Likeness.Xmpp.Sasl;

/// <summary>What the server's mechanisms need to know of the stream and of the accounts.</summary>
public sealed record SaslServerContext
{
    /// <summary>The domain that the user logs in to.</summary>
    public required string Domain { get; init; }

    public required ScramCredentialSource Find { get; init; }

    /// <summary>Asked with the user's name just before a password is checked, right or wrong user; false: not now, too many were wrong (<c>temporary-auth-failure</c>).</summary>
    public Func<string, bool> Admit { get; init; } = static _ => true;

    /// <summary>Secret of this installation; makes the salts that unknown users are shown.</summary>
    public required byte[] Secret { get; init; }

    /// <summary>The <c>tls-server-end-point</c> data of this connection (<see cref="ServerEndPoint"/>), or null: no -PLUS mechanism is offered.</summary>
    public byte[]? EndPoint { get; init; }

    /// <summary>The <c>tls-exporter</c> data of this connection (RFC 9266), or null: that binding is not offered.</summary>
    public byte[]? Exporter { get; init; }

    /// <summary>What the client was offered, as <see cref="Announcement"/> writes it; SCRAM proves it to the client. Null: nothing is proven.</summary>
    public string? Announced { get; init; }

    /// <summary>
    /// On this stream the client has tried a -PLUS mechanism with a binding type we do not have, so it saw that -PLUS is offered;
    /// its following flag <c>y</c> then means "none that we share". Without this, clients that know only tls-unique could not log in under TLS 1.3.
    /// </summary>
    public bool UnknownBindingTried { get; init; }

    /// <summary>Iteration count shown for unknown users: the one that new accounts get.</summary>
    public int Iterations { get; init; } = ScramKeyDerivation.DefaultIterations;

    /// <summary>The hashes for which everybody at the domain has keys: a client tries the strongest SCRAM that is offered, and no other one when that fails.</summary>
    public ScramHashes Hashes { get; init; } = ScramHashes.All;

    /// <summary>Told of a password that was right, before the login succeeds: keys that are missing can be made of it.</summary>
    public Func<string, string, ValueTask>? Proven { get; init; }

    /// <summary>The mechanism of this name, or null when it is not offered here (PLAIN only under TLS).</summary>
    public ISaslMechanism? Create(string mechanism, bool secure) => mechanism switch
    {
        "SCRAM-SHA-256-PLUS" when EndPoint is not null && Hashes.HasFlag(ScramHashes.Sha256) => new ScramServer(ScramHash.Sha256, plus: true, this),
        "SCRAM-SHA-1-PLUS" when EndPoint is not null && Hashes.HasFlag(ScramHashes.Sha1) => new ScramServer(ScramHash.Sha1, plus: true, this),
        "SCRAM-SHA-256" when Hashes.HasFlag(ScramHashes.Sha256) => new ScramServer(ScramHash.Sha256, plus: false, this),
        "SCRAM-SHA-1" when Hashes.HasFlag(ScramHashes.Sha1) => new ScramServer(ScramHash.Sha1, plus: false, this),
        "PLAIN" when secure => new PlainServer(this),
        _ => null,
    };

    /// <summary>The names to offer, strongest first.</summary>
    public IEnumerable<string> Offered(bool secure)
    {
        string[] all = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"];
        return all.Where(name => Create(name, secure) is not null);
    }

    /// <summary>The channel bindings to offer with the -PLUS mechanisms, strongest first (XEP-0440).</summary>
    public IEnumerable<string> Bindings()
    {
        string[] all = ["tls-exporter", "tls-server-end-point"];
        return all.Where(type => BindingOf(type) is not null);
    }

    /// <summary>Lists of mechanisms and channel bindings in the form in which they are hashed (XEP-0474 §6.1).</summary>
    /// <param name="bindings">Empty: none were announced.</param>
    public static string Announcement(IEnumerable<string> mechanisms, IEnumerable<string> bindings)
    {
        var types = string.Join('\x1E', bindings.Order(StringComparer.Ordinal));
        return string.Join('\x1E', mechanisms.Order(StringComparer.Ordinal)) + (types.Length > 0 ? "\x1F" + types : "");
    }

    /// <summary>The data of a channel binding; null: it is not offered here.</summary>
    internal byte[]? BindingOf(string type) => EndPoint is null ? null : type switch
    {
        "tls-server-end-point" => EndPoint,
        "tls-exporter" => Exporter,
        _ => null,
    };
}

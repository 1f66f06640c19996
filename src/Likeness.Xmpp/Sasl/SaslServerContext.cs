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

    /// <summary>
    /// On this stream the client has tried a -PLUS mechanism with a binding type we do not have, so it saw that -PLUS is offered;
    /// its following flag <c>y</c> then means "none that we share". Without this, clients that know only tls-unique could not log in under TLS 1.3.
    /// </summary>
    public bool UnknownBindingTried { get; init; }

    /// <summary>Iteration count shown for unknown users: the one that new accounts get.</summary>
    public int Iterations { get; init; } = ScramKeyDerivation.DefaultIterations;

    /// <summary>The mechanism of this name, or null when it is not offered here (PLAIN only under TLS).</summary>
    public ISaslMechanism? Create(string mechanism, bool secure) => mechanism switch
    {
        "SCRAM-SHA-256-PLUS" when EndPoint is not null => new ScramServer(ScramHash.Sha256, plus: true, this),
        "SCRAM-SHA-1-PLUS" when EndPoint is not null => new ScramServer(ScramHash.Sha1, plus: true, this),
        "SCRAM-SHA-256" => new ScramServer(ScramHash.Sha256, plus: false, this),
        "SCRAM-SHA-1" => new ScramServer(ScramHash.Sha1, plus: false, this),
        "PLAIN" when secure => new PlainServer(this),
        _ => null,
    };

    /// <summary>The names to offer, strongest first.</summary>
    public IEnumerable<string> Offered(bool secure)
    {
        string[] all = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"];
        return all.Where(name => Create(name, secure) is not null);
    }
}

namespace Likeness.Bench.Xmpp.Sessions;

/// <summary>How a session gets in.</summary>
sealed record LoginKind(bool Tls, bool Scram)
{
    /// <summary>By a token (XEP-0484) and with the binding (XEP-0386) where the server offers that, else as the others.</summary>
    public bool Fast { get; init; }

    public static readonly LoginKind FastInTheClear = new(Tls: false, Scram: true) { Fast = true };
    public static readonly LoginKind Plain = new(Tls: false, Scram: false);
    public static readonly LoginKind PlainOverTls = new(Tls: true, Scram: false);
    public static readonly LoginKind ScramInTheClear = new(Tls: false, Scram: true);
    public static readonly LoginKind ScramOverTls = new(Tls: true, Scram: true);
}

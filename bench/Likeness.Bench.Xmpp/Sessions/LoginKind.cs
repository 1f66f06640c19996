namespace Likeness.Bench.Xmpp.Sessions;

/// <summary>How a session gets in.</summary>
sealed record LoginKind(bool Tls, bool Scram)
{
    public static readonly LoginKind Plain = new(Tls: false, Scram: false);
    public static readonly LoginKind PlainOverTls = new(Tls: true, Scram: false);
    public static readonly LoginKind ScramInTheClear = new(Tls: false, Scram: true);
    public static readonly LoginKind ScramOverTls = new(Tls: true, Scram: true);
}

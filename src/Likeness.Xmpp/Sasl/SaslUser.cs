namespace Likeness.Xmpp.Sasl;

/// <summary>The user name of a mechanism and the identity it wants to act as.</summary>
internal static class SaslUser
{
    /// <summary>Whether the authorization identity is absent or the user's own bare address.</summary>
    public static bool MayActAs(string user, string? authorization, string domain) =>
        string.IsNullOrEmpty(authorization)
        || (Jid.TryParse(authorization, out var wanted) && Jid.TryParse($"{user}@{domain}", out var own) && wanted.Equals(own));
}

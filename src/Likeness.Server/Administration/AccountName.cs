using Likeness.Xmpp;

namespace Likeness.Server.Administration;

/// <summary>Reads what an operator typed for an account.</summary>
public static class AccountName
{
    /// <summary>A bare JID with a local part in a served domain; null for <paramref name="served"/>: in any. Throws <see cref="OperationRefusedException"/>.</summary>
    public static Identity Read(string text, DomainPolicies? served)
    {
        if (!Jid.TryParse(text, out var jid) || jid.Local is null || !jid.IsBare)
        {
            throw new OperationRefusedException($"'{text}' is not an account; expected name@domain.");
        }

        if (served is not null && !served.Serves(jid.Domain))
        {
            var domains = string.Join(", ", served.All.Select(policy => policy.Domain));
            throw new OperationRefusedException($"'{jid.Domain}' is not served here; served: {domains}.");
        }

        return new Identity(jid.Text);
    }
}

/// <summary>Reads the name an operator gives to a token or webhook: it must be good in a command, a log line and a list.</summary>
internal static class RegisteredName
{
    private const int MaxCharacters = 64;

    public static string Read(string text) =>
        text.Length is > 0 and <= MaxCharacters && text[0] != '-' && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-')
            ? text
            : throw new OperationRefusedException($"'{text}' is not a name; letters, digits, '.', '_' and '-' are allowed, {MaxCharacters} at most.");
}

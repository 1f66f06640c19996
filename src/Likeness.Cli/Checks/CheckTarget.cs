using Likeness.Cli.Federation;
using Likeness.Libravatar;

namespace Likeness.Cli.Checks;

/// <summary>What is to be checked: a domain, a person of a domain, or one server.</summary>
/// <param name="Domain">Whose records are looked at, A-labels; null for a server.</param>
/// <param name="Server">Null for domains and people.</param>
internal sealed record CheckTarget(string? Domain, Address? Person, AvatarBase? Server)
{
    /// <summary>Null when the text is none of these.</summary>
    public static CheckTarget? Read(string? text)
    {
        var trimmed = text?.Trim() ?? "";
        if (trimmed.Contains("://", StringComparison.Ordinal))
        {
            return AvatarBase.TryParse(trimmed, out var server) ? new CheckTarget(null, null, server) : null;
        }

        if (trimmed.Contains('@', StringComparison.Ordinal))
        {
            return Address.TryParse(trimmed, out var person) && HostText.TryRead(person.Domain, out var personDomain)
                ? new CheckTarget(personDomain, person, null)
                : null;
        }

        return HostText.TryRead(trimmed, out var domain) ? new CheckTarget(domain, null, null) : null;
    }
}

using Likeness.Libravatar;
using Likeness.Stores;
using Microsoft.AspNetCore.Http;

namespace Likeness.Http.Api;

/// <summary>Who asks: the token that was shown, and what it may touch.</summary>
internal sealed record ApiCaller(ApiToken Token)
{
    /// <summary>Whom <see cref="ApiGate"/> let in.</summary>
    public static ApiCaller Of(HttpContext context) =>
        context.Features.Get<ApiCaller>() ?? throw new InvalidOperationException("The endpoint needs a token, and none was asked for.");

    /// <summary>The caller as the reason of a change.</summary>
    public Cause Cause => new(Origin.Api, $"token {Token.Name}");

    public bool MayTouch(string domain) => Token.Domains.Count == 0 || Token.Domains.Contains(domain, StringComparer.Ordinal);

    public bool MayTouch(Identity person) =>
        MayTouch(Address.TryParse(person.Value, out var address) ? address.Domain : person.Domain);
}

/// <summary>Says of an endpoint that a token is needed.</summary>
/// <param name="Changes">A token that is read-only is not enough.</param>
internal sealed record ApiAccess(bool Changes);

using Likeness.Limits;
using Likeness.Stores;
using Microsoft.AspNetCore.Http;

namespace Likeness.Http.Api;

/// <summary>Lets in who shows a token (RFC 6750). Every request is looked up, so that a removed token opens nothing from then on.</summary>
internal sealed class ApiTokens(IApiTokenStore tokens, TimeProvider time, ApiOptions options)
{
    private const string Scheme = "Bearer ";
    private const int MaxTokens = 20_000;
    private const int MaxClients = 20_000;

    // The time of the last use is for people who tidy up: written when it is older than this.
    private static readonly TimeSpan UseIsCoarse = TimeSpan.FromHours(1);
    private readonly KeyedRateLimiter<string> _requests = new(new(options.RequestsPerMinute, TimeSpan.FromMinutes(1)), MaxTokens, time);
    private readonly KeyedRateLimiter<ClientKey> _failures = new(new(options.FailuresPerMinute, TimeSpan.FromMinutes(1)), MaxClients, time);

    /// <summary>Throws <see cref="ApiRefusedException"/>. A valid token is let in however many wrong ones came from the same client address.</summary>
    public async ValueTask<ApiCaller> Admit(HttpContext context, ApiAccess access)
    {
        var now = time.GetUtcNow();
        var token = await Find(context.Request.Headers.Authorization.ToString(), context.RequestAborted);
        if (token is null || token.Expires <= now)
        {
            throw Refused(context);
        }

        Spend(token, 1);
        if (access.Changes && token.ReadOnly)
        {
            throw new ApiRefusedException(StatusCodes.Status403Forbidden, "This token is read-only.");
        }

        if (token.LastUsed is null || now - token.LastUsed > UseIsCoarse)
        {
            await tokens.Used(token.Name, now, context.RequestAborted);
        }

        return new ApiCaller(token);
    }

    /// <summary>Takes this much more from what the token may ask for; throws when nothing is left.</summary>
    public void Spend(ApiToken token, int cost)
    {
        if (_requests.Take(token.Name, cost) is { Ticks: > 0 } wait)
        {
            throw new ApiRefusedException(StatusCodes.Status429TooManyRequests, "This token asks too much; wait a moment.") { RetryAfter = wait };
        }
    }

    private async ValueTask<ApiToken?> Find(string header, CancellationToken cancellationToken)
    {
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var text = header[Scheme.Length..].Trim();
        return TokenText.IsOne(text) ? await tokens.Find(TokenText.HashOf(text), cancellationToken) : null;
    }

    private ApiRefusedException Refused(HttpContext context)
    {
        var wait = _failures.Take(ClientKey.Of(context.Connection.RemoteIpAddress));
        if (wait > TimeSpan.Zero)
        {
            return new ApiRefusedException(StatusCodes.Status429TooManyRequests, "Too many wrong tokens came from here; wait a moment.") { RetryAfter = wait };
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return new ApiRefusedException(StatusCodes.Status401Unauthorized, "A valid token is needed: Authorization: Bearer lk_….");
    }
}

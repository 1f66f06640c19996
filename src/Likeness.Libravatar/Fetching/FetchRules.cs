using System.Net;

namespace Likeness.Libravatar.Fetching;

/// <summary>What an URL must be before anything is sent to it; asked for the first and for every redirect.</summary>
internal static class FetchRules
{
    /// <summary>Null when nothing speaks against it.</summary>
    public static FetchRefusal? Refuse(Uri target, Uri? from, SafeFetchOptions options)
    {
        var isHttps = target.Scheme == Uri.UriSchemeHttps;
        if (!isHttps && target.Scheme != Uri.UriSchemeHttp)
        {
            return FetchRefusal.Scheme;
        }

        if (target.UserInfo.Length > 0)
        {
            return FetchRefusal.UserInfo;
        }

        if (!isHttps && from?.Scheme == Uri.UriSchemeHttps)
        {
            return FetchRefusal.Downgrade;
        }

        if (!options.MayUsePort(target.Port))
        {
            return FetchRefusal.Port;
        }

        if (options.Proxy is not null && HiddenHost(target, options) is { } refusal)
        {
            return refusal;
        }

        return target.IdnHost.Length > 0 && options.MayVisit(target.IdnHost.ToLowerInvariant()) ? null : FetchRefusal.Host;
    }

    /// <summary>A proxy looks names up and dials by itself: what only its own network knows is refused here.</summary>
    private static FetchRefusal? HiddenHost(Uri target, SafeFetchOptions options)
    {
        if (IPAddress.TryParse(target.IdnHost.Trim('[', ']'), out var literal))
        {
            return options.MayConnect(literal) ? null : FetchRefusal.Address;
        }

        return AskedDomain.Read(target.IdnHost, []) is null ? FetchRefusal.Host : null;
    }
}

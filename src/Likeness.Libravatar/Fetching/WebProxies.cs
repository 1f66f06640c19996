using System.Net;

namespace Likeness.Libravatar.Fetching;

/// <summary>The proxy of a network without another way out.</summary>
internal static class WebProxies
{
    public static void Validate(Uri? proxy)
    {
        if (proxy is not null && (!proxy.IsAbsoluteUri || proxy.Scheme is not ("http" or "https" or "socks4" or "socks4a" or "socks5")))
        {
            throw new ArgumentException("A web proxy is a URL such as http://proxy.example.org:3128.", nameof(proxy));
        }
    }

    /// <summary>Null: none, and the environment's is not taken either.</summary>
    public static WebProxy? Of(Uri? proxy)
    {
        if (proxy is null)
        {
            return null;
        }

        var parts = proxy.UserInfo.Split(':', 2);
        return new WebProxy(new UriBuilder(proxy) { UserName = "", Password = "" }.Uri)
        {
            Credentials = proxy.UserInfo.Length == 0 ? null : new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : ""),
        };
    }
}

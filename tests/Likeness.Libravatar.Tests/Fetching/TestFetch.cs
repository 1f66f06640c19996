using System.Net;
using Likeness.Libravatar.Fetching;

namespace Likeness.Libravatar.Tests.Fetching;

/// <summary>Fetchers that may dial loopback, where every name leads.</summary>
internal static class TestFetch
{
    public static readonly SafeFetchOptions Options = new()
    {
        MayConnect = IPAddress.IsLoopback,
        MayUsePort = _ => true,
        Resolve = (_, _) => ValueTask.FromResult<IPAddress[]>([IPAddress.Loopback]),
    };

    public static SafeFetch Create(Func<SafeFetchOptions, SafeFetchOptions>? change = null, TimeProvider? time = null) =>
        new(change is null ? Options : change(Options), time);

    public static async Task<FetchResult> Fetch(Uri source, Func<SafeFetchOptions, SafeFetchOptions>? change = null, TimeProvider? time = null)
    {
        using var fetch = Create(change, time);
        return await fetch.FetchAsync(source);
    }
}

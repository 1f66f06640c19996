using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;

namespace Likeness.Http;

/// <summary>Counts avatar requests. Costs nothing while nobody measures, one addition per request while somebody does.</summary>
public sealed class AvatarMetrics : IDisposable
{
    private readonly Meter _meter = new("Likeness.Avatars");
    private readonly Counter<long> _requests;
    private readonly Counter<long> _prepared;

    public AvatarMetrics()
    {
        _requests = _meter.CreateCounter<long>(
            "likeness.avatar.requests",
            description: "Requests by outcome (portrait, default, none, not-modified, refused, busy) and kind of hash (md5, sha256, other).");
        _prepared = _meter.CreateCounter<long>(
            "likeness.avatar.prepared", description: "Requests whose answer was not at hand; all others are hits of the cache.");
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>To be called for each request, with the status that was sent.</summary>
    internal void Count(HttpContext context, AvatarAnswer answer)
    {
        if (_requests.Enabled)
        {
            _requests.Add(1, new("outcome", OutcomeOf(context.Response.StatusCode, answer)), new("hash", KindOf(context.Request.RouteValues["target"] as string)));
        }
    }

    internal void CountPrepared() => _prepared.Add(1);

    private static string OutcomeOf(int status, AvatarAnswer answer)
    {
        if (status == StatusCodes.Status304NotModified)
        {
            return "not-modified";
        }

        foreach (var (name, value) in answer.Headers)
        {
            if (name == "X-Avatar-Source")
            {
                return value;
            }
        }

        return status >= StatusCodes.Status500InternalServerError ? "busy" : "refused";
    }

    /// <summary>Told by length alone, as the protocol does (L-3).</summary>
    private static string KindOf(ReadOnlySpan<char> target)
    {
        var length = target.IndexOf('.') is var dot and >= 0 ? dot : target.Length;
        return length switch
        {
            32 => "md5",
            64 => "sha256",
            _ => "other",
        };
    }
}

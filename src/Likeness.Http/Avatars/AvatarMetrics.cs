using System.Diagnostics.Metrics;
using Likeness.Http.Answering;
using Microsoft.AspNetCore.Http;

namespace Likeness.Http.Avatars;

/// <summary>Counts avatar requests. Costs nothing while nobody measures, one addition per request while somebody does.</summary>
internal sealed class AvatarMetrics : IDisposable
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
    public void Count(HttpContext context, AvatarAnswer answer)
    {
        if (_requests.Enabled)
        {
            _requests.Add(1, new("outcome", OutcomeOf(context.Response.StatusCode, answer)), new("hash", answer.HashKind));
        }
    }

    public void CountPrepared() => _prepared.Add(1);

    private static string OutcomeOf(int status, AvatarAnswer answer) => status switch
    {
        StatusCodes.Status304NotModified => "not-modified",
        _ when answer.Source is { } source => source,
        >= StatusCodes.Status500InternalServerError => "busy",
        _ => "refused",
    };
}

using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client.Avatars;

/// <summary>Fetches a link of an avatar by HTTPS, guarded against private networks and endless answers; null: it was not to be had.</summary>
public delegate Task<byte[]?> FetchAvatarLink(Uri link, int maxBytes, CancellationToken cancellationToken);

/// <summary>One place where a picture is said to be.</summary>
/// <param name="Of">An account's bare address, or an occupant of a room, who is asked through the room.</param>
/// <param name="Info">What the nodes say of it (XEP-0084); null: it is in the vCard.</param>
internal sealed record AvatarPlace(Jid Of, string Id, AvatarInfo? Info);

/// <summary>Gets pictures: once for each hash, eight at a time, and not again from where they were not what was said.</summary>
#pragma warning disable CA1001 // Its semaphore has no handle.
internal sealed class AvatarFetcher(XmppClient client, AvatarFollowerOptions options)
#pragma warning restore CA1001
{
    private const int MaxAtOnce = 8;
    private const int MaxFailures = 10_000;
    private const int MaxDomains = 1000;
    private const int PatientFailures = 3;
    private static readonly TimeSpan FailureKept = TimeSpan.FromHours(24);
    private static readonly TimeSpan DomainPause = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _turns = new(MaxAtOnce, MaxAtOnce);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<byte[]?>> _fetching = new(StringComparer.Ordinal);
    private readonly Dictionary<(Jid Of, string Id), DateTimeOffset> _failed = [];
    private readonly Dictionary<string, (int Count, DateTimeOffset Until)> _domains = new(StringComparer.Ordinal);

    private DateTimeOffset Now => client.Options.TimeProvider.GetUtcNow();

    /// <summary>The picture, from the cache or from there; null: it is not to be had from there now.</summary>
    public async Task<byte[]?> Get(AvatarPlace place, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (options.Cache.Find(place.Id) is { } known)
            {
                return known;
            }

            Task<byte[]?> fetching;
            var isOurs = false;
            lock (_lock)
            {
                if (!_fetching.TryGetValue(place.Id, out fetching!))
                {
                    if (!MayAsk(place))
                    {
                        return null;
                    }

                    isOurs = true;
                    _fetching[place.Id] = fetching = Fetch(place);
                }
            }

            var bytes = await fetching.WaitAsync(cancellationToken);
            if (bytes is not null || isOurs)
            {
                return bytes;
            }

            // Somebody else did not have it: this one is asked.
        }
    }

    private bool MayAsk(AvatarPlace place)
    {
        var isFailed = _failed.TryGetValue((place.Of, place.Id), out var until) && until > Now;
        var isPaused = _domains.TryGetValue(place.Of.Domain, out var domain) && domain.Count >= PatientFailures && domain.Until > Now;
        return !isFailed && !isPaused && (place.Info?.Url is not { } url || (options.FetchLink is not null && Https(url) is not null));
    }

    private async Task<byte[]?> Fetch(AvatarPlace place)
    {
        await Task.Yield();
        byte[]? bytes = null;
        var hasAnswered = true;
        try
        {
            await _turns.WaitAsync();
            try
            {
                bytes = await Ask(place);
            }
            finally
            {
                _turns.Release();
            }
        }
        catch (StanzaErrorException refused)
        {
            hasAnswered = refused.Condition.Type != "wait" && refused.Condition.Name != "remote-server-not-found";
        }
        catch (Exception failed) when (failed is IOException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            hasAnswered = false;
        }

        // Whatever it is called, its bytes decide (XEP-0153 §5).
        if (bytes is not null && (bytes.Length > options.MaxBytes || Xep0084UserAvatar.IdOf(bytes) != place.Id || RasterHeader.Read(bytes) is null))
        {
            bytes = null;
        }

        if (bytes is not null)
        {
            options.Cache.Add(bytes);
        }

        lock (_lock)
        {
            _fetching.Remove(place.Id);
            Judge(place, bytes is not null, hasAnswered);
        }

        return bytes;
    }

    private async Task<byte[]?> Ask(AvatarPlace place)
    {
        if (place.Info is null)
        {
            var vCard = await VCards.Read(client, place.Of, CancellationToken.None);
            return vCard is null ? null : Xep0054VCard.ReadPhoto(vCard).Bytes;
        }

        if (place.Info.Url is { } url)
        {
            return options.FetchLink is { } fetch && Https(url) is { } link ? await fetch(link, options.MaxBytes, CancellationToken.None) : null;
        }

        var items = new Element("items", Ns.PubSub).Set("node", Ns.AvatarData).Add(new Element("item", Ns.PubSub).Set("id", place.Id));
        var request = new Element("iq", Ns.Client).Set("type", "get").Set("to", place.Of.BareText).Add(new Element("pubsub", Ns.PubSub).Add(items));
        var answer = await client.Request(request);
        var data = answer.Child("pubsub", Ns.PubSub)?.Child("items")?.Child("item")?.Child("data", Ns.AvatarData);
        return data is not null && Xep0084UserAvatar.TryReadData(data, out var bytes) ? bytes : null;
    }

    private void Judge(AvatarPlace place, bool isGood, bool hasAnswered)
    {
        var domain = place.Of.Domain;
        if (isGood)
        {
            _domains.Remove(domain);
            return;
        }

        if (hasAnswered)
        {
            if (_failed.Count >= MaxFailures)
            {
                _failed.Clear();
            }

            _failed[(place.Of, place.Id)] = Now + FailureKept;
        }
        else if (_domains.Count < MaxDomains || _domains.ContainsKey(domain))
        {
            var count = _domains.GetValueOrDefault(domain).Count + 1;
            _domains[domain] = (count, Now + (DomainPause * Math.Min(12, Math.Max(1, count - PatientFailures + 1))));
        }
    }

    private static Uri? Https(string url) => Uri.TryCreate(url, UriKind.Absolute, out var link) && link.Scheme == Uri.UriSchemeHttps ? link : null;
}

using Likeness.Libravatar.Fetching;

namespace Likeness.Libravatar.Caching;

/// <summary>What an URL gave.</summary>
/// <param name="Result">A picture, none, or a failure.</param>
/// <param name="Expires">When it is asked again.</param>
/// <param name="UsableUntil">How long it is still better than a failure.</param>
internal sealed record ImageEntry(FetchResult Result, DateTimeOffset Expires, DateTimeOffset UsableUntil)
{
    private const int Overhead = 512;

    public FetchedImage? Image => (Result as FetchResult.Fetched)?.Image;

    public long Weight => Overhead + (Image?.Bytes.Length ?? 0);
}

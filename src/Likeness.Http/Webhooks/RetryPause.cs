using System.Security.Cryptography;

namespace Likeness.Http.Webhooks;

/// <summary>How long to wait after so many failures: 1 s, doubled each time up to an hour, of which a random part up to a half is left out so that receivers that come back are not met by everybody at once.</summary>
internal static class RetryPause
{
    private const int MaxDoublings = 12;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static TimeSpan After(int failures)
    {
        var whole = TimeSpan.FromSeconds(1L << Math.Min(failures - 1, MaxDoublings));
        whole = whole < Longest ? whole : Longest;
        return whole * (1 - (RandomNumberGenerator.GetInt32(501) / 1000.0));
    }
}

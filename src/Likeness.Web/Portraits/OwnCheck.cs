using Likeness.Libravatar;
using Likeness.Limits;

namespace Likeness.Web.Portraits;

/// <summary>Looks, when a person asks for it, whether the own picture is seen at the own addresses; no other address is looked at.</summary>
internal sealed class OwnCheck(AddressBook addresses, TimeProvider time, IPictureCheck? check = null) : IDisposable
{
    /// <summary>Of one person: each asks DNS and other servers.</summary>
    public static readonly RateLimit PerPerson = new(6, TimeSpan.FromMinutes(15));

    /// <summary>Of everybody at a moment; who comes then waits.</summary>
    public const int MaxAtOnce = 2;

    /// <summary>Addresses of a person that are looked at, the oldest first.</summary>
    public const int MaxAddresses = 4;

    /// <summary>For all of it; what is found until then is shown.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private const int MaxPeople = 10_000;
    private readonly KeyedRateLimiter<Identity> _people = new(PerPerson, MaxPeople, time);
    private readonly SemaphoreSlim _looking = new(MaxAtOnce);

    public bool IsOffered => check is not null;

    /// <summary>Others are asked, too: those that DNS names for the person's addresses.</summary>
    public bool LooksOutside => check is { LooksOutside: true };

    /// <returns>What was found, and whether that is all; or how long until the person may ask again.</returns>
    public async Task<(IReadOnlyList<PictureFinding> Found, bool IsAll, TimeSpan Wait)> Look(Identity person, CancellationToken cancellationToken)
    {
        var found = new List<PictureFinding>();
        if (_people.Take(person) is { Ticks: > 0 } wait)
        {
            return (found, false, wait);
        }

        var own = (await addresses.Of(person, cancellationToken)).Select(text => Address.TryParse(text, out var address) ? address : null).OfType<Address>().Take(MaxAddresses).ToList();
        using var overtime = new CancellationTokenSource(Timeout, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, overtime.Token);
        try
        {
            await _looking.WaitAsync(ends.Token);
            try
            {
                await foreach (var finding in check!.Look(person, own, ends.Token))
                {
                    found.Add(finding);
                }
            }
            finally
            {
                _looking.Release();
            }

            return (found, true, TimeSpan.Zero);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (found, false, TimeSpan.Zero);
        }
    }

    public void Dispose() => _looking.Dispose();
}

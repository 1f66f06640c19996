using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Likeness.Libravatar;
using Likeness.Limits;
using Likeness.Stores;

namespace Likeness.Web.Portraits;

/// <summary>
/// What people without an account say of pictures. Whoever reports is told the same whatever becomes of it: that an address is known here,
/// or hides its picture, must not be seen from it.
/// </summary>
internal sealed partial class Reports(IReportStore stored, PortraitBook book, PictureAlbum album, AddressBook addresses, TimeProvider time)
{
    /// <summary>From one client.</summary>
    public static readonly RateLimit PerClient = new(5, TimeSpan.FromHours(1));

    /// <summary>Reports that wait for a decision.</summary>
    public const int MaxOpen = 10_000;

    /// <summary>Characters.</summary>
    public const int MaxReason = 1_000;

    private const int MaxClients = 10_000;
    private readonly KeyedRateLimiter<ClientKey> _clients = new(PerClient, MaxClients, time);

    /// <returns>Zero; else how long until this client may report again, and nothing was kept.</returns>
    public async ValueTask<TimeSpan> Take(string where, string reason, string? mail, ClientKey client, CancellationToken cancellationToken)
    {
        if (_clients.Take(client) is { Ticks: > 0 } wait)
        {
            return wait;
        }

        if (await PersonAt(where.Trim(), cancellationToken) is { } person
            && await book.Find(person, cancellationToken) is { Source: { } source } portrait
            && book.VisibilityOf(portrait).ShowsTo(AvatarRelation.Stranger))
        {
            var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
            var other = HashIn(where) is { } hash ? await album.ShownAt(portrait, hash, cancellationToken) : null;
            await stored.Add(new PictureReport(id, person, (other?.Picture?.Source ?? source).Id, reason, mail, 1, time.GetUtcNow()), MaxOpen, cancellationToken);
        }

        return TimeSpan.Zero;
    }

    // The address of a picture as pages show it, or of whom it is.
    private async ValueTask<Identity?> PersonAt(string where, CancellationToken cancellationToken)
    {
        if (HashIn(where) is { } hash)
        {
            return await addresses.Find(hash, cancellationToken);
        }

        if (VersionPath().Match(where) is { Success: true } version)
        {
            foreach (var person in await book.ShownBy(new PictureId(version.Groups["id"].Value), cancellationToken))
            {
                if (book.VisibilityOf(await book.Find(person, cancellationToken)).ShowsTo(AvatarRelation.Stranger))
                {
                    return person;
                }
            }

            return null;
        }

        return Address.TryParse(where, out var address) ? await addresses.Find(address, cancellationToken) : null;
    }

    private static AddressHash? HashIn(string where) =>
        AvatarPath().Match(where) is { Success: true } avatar && AddressHash.TryParse(avatar.Groups["hash"].ValueSpan, out var hash) ? hash : null;

    [GeneratedRegex("/avatar/(?<hash>[0-9a-fA-F]{32}|[0-9a-fA-F]{64})(?:[.?#]|$)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex AvatarPath();

    [GeneratedRegex("/p/(?<id>[0-9a-f]{40})/", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex VersionPath();
}

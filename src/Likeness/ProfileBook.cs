using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Likeness.Libravatar;
using Likeness.Stores;

namespace Likeness;

/// <summary>
/// What people tell of themselves on a page of their own, if they want one. Whoever cannot see the portrait learns nothing of the profile
/// either: it is there only while the portrait is shown to everybody, at that very address, and no operator holds it.
/// </summary>
public sealed class ProfileBook(IStores stores, PortraitBook book, AddressBook addresses, DomainPolicies policies, TimeProvider time, PictureAlbum? album = null)
{
    /// <summary>Characters of a name, and of what a link is called.</summary>
    public const int MaxName = 60;

    /// <summary>Links of a profile.</summary>
    public const int MaxLinks = 10;

    /// <summary>Bytes of a link.</summary>
    public const int MaxLinkBytes = 512;

    public ValueTask<Profile?> Find(Identity person, CancellationToken cancellationToken = default) => stores.Profiles.Find(person, cancellationToken);

    /// <summary>What the address of this hash shows of its owner; null: nothing, for whatever reason.</summary>
    public async ValueTask<ShownProfile?> Shown(AddressHash hash, CancellationToken cancellationToken = default)
    {
        if (await addresses.Find(hash, cancellationToken) is not { } owner
            || !(hash.IsSha256 || policies.For(owner.Domain).Md5)
            || await stores.Profiles.FindShown(owner, cancellationToken) is not { } profile)
        {
            return null;
        }

        var portrait = await book.Find(owner, cancellationToken);
        if (!CanBeSeen(portrait))
        {
            return null;
        }

        var chosen = album is null ? null : await album.ShownAt(portrait, hash, cancellationToken);
        return chosen is { Picture: null } ? null : new ShownProfile(owner, profile, chosen is null ? portrait.Alt : chosen.Picture!.Alt);
    }

    /// <summary>Whether a profile beside this portrait would be seen.</summary>
    public bool CanBeSeen(Portrait portrait) => portrait is { Source: not null, Lock: null } && book.VisibilityOf(portrait).ShowsTo(AvatarRelation.Stranger);

    /// <summary>Writes a profile in place of the one before, durable and in the log before it returns.</summary>
    /// <param name="links">Those with an empty address are left out.</param>
    /// <exception cref="ProfileRefusedException">It cannot be had like this.</exception>
    /// <exception cref="AccountGoneException">The account is not there.</exception>
    public async ValueTask Save(Identity person, bool isShown, string? name, IEnumerable<(string? Url, string? Title)> links, string by)
    {
        var said = Line(name);
        if (said.Length > MaxName || (isShown && said.Length == 0))
        {
            throw new ProfileRefusedException(ProfileRefusal.Name, said);
        }

        var kept = links.Where(link => !string.IsNullOrWhiteSpace(link.Url)).Select(link => new ProfileLink(Read(link.Url!), Title(link.Title))).DistinctBy(link => link.Url).ToImmutableArray();
        if (kept.Length > MaxLinks)
        {
            throw new ProfileRefusedException(ProfileRefusal.TooMany, "");
        }

        var now = time.GetUtcNow();
        await stores.Write([new StoreWrite.Profile(person, new Profile(isShown, said, kept, now)), new StoreWrite.Audit(new AuditEntry(now, by, isShown ? "profile show" : "profile hide", person.Value))]);
    }

    /// <summary>Takes the profile away, with everything in it. False: there is none.</summary>
    public async ValueTask<bool> Clear(Identity person, string? reason, string by)
    {
        if (await Find(person) is null)
        {
            return false;
        }

        await stores.Write([new StoreWrite.Profile(person, null), new StoreWrite.Audit(new AuditEntry(time.GetUtcNow(), by, "profile clear", person.Value, reason))]);
        return true;
    }

    private static string Read(string text)
    {
        var line = text.Trim();
        return line.Length <= MaxLinkBytes
            && Uri.TryCreate(line, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
            && url.UserInfo.Length == 0
            && url.IdnHost.Length > 0
            && Encoding.UTF8.GetByteCount(url.AbsoluteUri) <= MaxLinkBytes
            ? url.AbsoluteUri
            : throw new ProfileRefusedException(ProfileRefusal.Link, line);
    }

    private static string Title(string? text) => Line(text) is { Length: <= MaxName } title ? title : throw new ProfileRefusedException(ProfileRefusal.Title, text!.Trim());

    // One line. What turns the direction of letters behind it would make a page say what nobody wrote (Unicode TR 36 §2.5).
    private static string Line(string? text)
    {
        var letters = (text ?? "").Normalize(NormalizationForm.FormC).EnumerateRunes()
            .Where(rune => rune.Value is not (>= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069 or 0x200E or 0x200F or 0xFFFD))
            .Select(rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? new Rune(' ') : rune);
        return string.Join(' ', string.Concat(letters).Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}

/// <summary>A profile that everybody sees.</summary>
/// <param name="Alt">What the picture shows, in the person's words; null: nothing was said.</param>
public sealed record ShownProfile(Identity Person, Profile Profile, string? Alt);

/// <summary>What a profile cannot be had for.</summary>
public enum ProfileRefusal
{
    /// <summary>It is too long, or missing.</summary>
    Name,

    /// <summary>It is no web address, too long, or names somebody who signs in.</summary>
    Link,

    /// <summary>What a link is called is too long.</summary>
    Title,

    /// <summary>There are more than <see cref="ProfileBook.MaxLinks"/> links.</summary>
    TooMany,
}

/// <summary>A profile is not kept.</summary>
/// <param name="text">Of what was written, the part that it is about.</param>
public sealed class ProfileRefusedException(ProfileRefusal reason, string text) : Exception($"The profile cannot be had: {reason}.")
{
    public ProfileRefusal Reason { get; } = reason;

    public string Text { get; } = text;
}

using System.Collections.Immutable;

namespace Likeness;

/// <summary>What a person shows of themselves. Every surface is a view of this record; nothing about an avatar is stored elsewhere.</summary>
public sealed record Portrait
{
    public required Identity Identity { get; init; }

    /// <summary>The in-band picture: shown in chats byte for byte. Null: no avatar, or only links (<see cref="Links"/>).</summary>
    public PictureInfo? Picture { get; init; }

    /// <summary>The large normalised original when the picture came by web, REST, command or directory; renditions are made from it. Null: from <see cref="Picture"/>.</summary>
    public PictureInfo? Master { get; init; }

    /// <summary>The url infos of the published metadata (XEP-0084 §4.2.1).</summary>
    public ImmutableArray<PictureLink> Links { get; init; } = [];

    /// <summary>The metadata item exactly as its publisher wrote it; null when the portrait was not set by PEP: then the view is generated.</summary>
    public PublishedMetadata? Published { get; init; }

    /// <summary>Access model of <c>urn:xmpp:avatar:data</c>; null while the node does not exist.</summary>
    public AccessModel? DataAccess { get; init; }

    /// <summary>Access model of <c>urn:xmpp:avatar:metadata</c>; null while the node does not exist.</summary>
    public AccessModel? MetadataAccess { get; init; }

    /// <summary>There is something to see: a picture, or links to one.</summary>
    public bool IsShown => Source is not null || !Links.IsEmpty;

    /// <summary>The number of the change that made it: it grows with every change, is unique in the database, and never comes again. 0: nothing is stored.</summary>
    public long Version { get; init; }

    /// <summary>The surface that made the last change.</summary>
    public Origin Origin { get; init; }

    public DateTimeOffset Changed { get; init; }

    /// <summary>SHA-1 of the file that <see cref="Master"/> was made from; null when it did not come as a file.</summary>
    public PictureId? Uploaded { get; init; }

    /// <summary>What the picture shows, in the person's words for who does not see it; null: nothing was said.</summary>
    public string? Alt { get; init; }

    /// <summary>Some of the person's addresses show something else to sites: <see cref="PictureAlbum.ShownAt"/> says what. False: none does.</summary>
    public bool HasAddressPictures { get; init; }

    /// <summary>While it is there, nobody but the operator changes the picture.</summary>
    public PortraitLock? Lock { get; init; }

    /// <summary>The picture that web renditions are made from.</summary>
    public PictureInfo? Source => Master ?? Picture;

    /// <summary>Without its picture and everything that came with it.</summary>
    internal Portrait Cleared => this with { Picture = null, Master = null, Uploaded = null, Alt = null, Links = [], Published = null };

    /// <summary>Equal in everything a viewer or node reader can tell; version, origin and time aside.</summary>
    public bool ShowsTheSameAs(Portrait other) =>
        HasThePictureOf(other)
        && DataAccess == other.DataAccess
        && MetadataAccess == other.MetadataAccess;

    /// <summary>Equal in what is shown, whoever may see it.</summary>
    public bool HasThePictureOf(Portrait other) =>
        Picture == other.Picture
        && Master == other.Master
        && Published == other.Published
        && Links.SequenceEqual(other.Links);

    internal AccessModel? AccessOf(AvatarNode node) => node == AvatarNode.Data ? DataAccess : MetadataAccess;

    internal Portrait With(AvatarNode node, AccessModel? access) =>
        node == AvatarNode.Data ? this with { DataAccess = access } : this with { MetadataAccess = access };

    /// <summary>The stricter of the two nodes; a node that does not exist counts as <paramref name="byDefault"/>.</summary>
    public Visibility VisibilityOr(Visibility byDefault)
    {
        var data = DataAccess?.ToVisibility() ?? byDefault;
        var metadata = MetadataAccess?.ToVisibility() ?? byDefault;
        return data > metadata ? data : metadata;
    }
}

/// <summary>A XEP-0084 metadata item as published.</summary>
/// <param name="ItemId">Any text; for an empty item often random.</param>
/// <param name="Xml">The <c>metadata</c> element, serialised.</param>
public sealed record PublishedMetadata(string ItemId, string Xml);

/// <summary>The two nodes of XEP-0084.</summary>
public enum AvatarNode
{
    /// <summary><c>urn:xmpp:avatar:data</c></summary>
    Data,

    /// <summary><c>urn:xmpp:avatar:metadata</c></summary>
    Metadata,
}

/// <summary>A rendition of the portrait that its publisher offers by HTTP(S): a XEP-0084 <c>info</c> with a <c>url</c>. Never fetched by the server.</summary>
/// <param name="Id">The id its publisher gave, normally the SHA-1 of the bytes.</param>
/// <param name="Length">Bytes, as claimed.</param>
public sealed record PictureLink(string Url, string Id, string MediaType, int Length, int? Width, int? Height);

/// <summary>The operator's decision that a person's picture stays as it is.</summary>
/// <param name="Reason">What the person is told; null when the operator gave none.</param>
public sealed record PortraitLock(string? Reason, DateTimeOffset Since);

/// <summary>The picture was to be changed by somebody who is not the operator while it is locked. The message is for the person.</summary>
public sealed class PortraitLockedException(PortraitLock held)
    : Exception(held.Reason is { } reason ? $"This picture is locked by the operator: {reason}" : "This picture is locked by the operator.")
{
    public PortraitLock Lock { get; } = held;
}

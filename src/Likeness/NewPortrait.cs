using System.Collections.Immutable;
using Likeness.Libravatar;
using Likeness.Stores;

namespace Likeness;

/// <summary>What <see cref="PortraitBook.Set"/> is given.</summary>
public sealed record NewPortrait
{
    /// <summary>The in-band picture; null for metadata that has only links.</summary>
    public Picture? Picture { get; init; }

    /// <summary>The large normalised original, where there is one beside <see cref="Picture"/>.</summary>
    public Picture? Master { get; init; }

    /// <summary>What the pictures were cut from, upright and without metadata, to be cut anew; null: it is not kept.</summary>
    public Picture? Original { get; init; }

    /// <summary>As <see cref="Portrait.Alt"/>; of a picture that is shown already what was said stays.</summary>
    public string? Alt { get; init; }

    public ImmutableArray<PictureLink> Links { get; init; } = [];

    /// <summary>The metadata item that set it, when it came by PEP.</summary>
    public PublishedMetadata? Published { get; init; }

    /// <summary>Access model of nodes that this change creates; null: the domain's default.</summary>
    public AccessModel? Access { get; init; }

    /// <summary>SHA-1 of the file the pictures were made from, when they came as a file.</summary>
    public PictureId? Uploaded { get; init; }

    /// <summary>Shows it from now on, if it does not yet.</summary>
    public Address? Address { get; init; }

    /// <summary>What belongs to the same act and is stored in the same transaction, such as the other fields of a vCard.</summary>
    public IReadOnlyList<StoreWrite> Alongside { get; init; } = [];

    /// <summary>Called with the portrait as it is, where no other writer can come in between; refuses the change by throwing.</summary>
    public Action<Portrait>? Condition { get; init; }

    internal IReadOnlyList<Picture> Pictures => (Picture, Master) switch
    {
        (null, null) => [],
        ({ } picture, null) => [picture],
        (null, { } master) => [master],
        ({ } picture, { } master) => [picture, master],
    };

    internal Portrait ApplyTo(Portrait portrait, AccessModel defaultAccess)
    {
        Condition?.Invoke(portrait);

        // Outside PEP a picture is recognised by its hash alone: links, metadata and original that came with it stay.
        var isSamePicture = Picture is not null && portrait.Picture?.Id == Picture.Id;
        if (Published is null && isSamePicture && (Master is null || Master.Id == portrait.Master?.Id))
        {
            return portrait;
        }

        var access = Access ?? defaultAccess;

        return portrait with
        {
            Picture = Picture?.Info,
            Master = Master?.Info ?? (isSamePicture ? portrait.Master : null),
            Uploaded = Uploaded ?? (isSamePicture ? portrait.Uploaded : null),
            Alt = Alt ?? (isSamePicture ? portrait.Alt : null),
            Links = Links,
            Published = Published,
            DataAccess = portrait.DataAccess ?? access,
            MetadataAccess = portrait.MetadataAccess ?? access,
        };
    }
}

/// <summary>What goes with taking a picture away.</summary>
public sealed record Clearing
{
    /// <summary>The empty metadata item that did it, when it was one.</summary>
    public PublishedMetadata? Published { get; init; }

    /// <summary>Access model of the metadata node when <see cref="Published"/> creates it.</summary>
    public AccessModel? Access { get; init; }

    /// <summary>The node that was deleted, when that took the picture away.</summary>
    public AvatarNode? Deleted { get; init; }

    /// <summary>As <see cref="NewPortrait.Alongside"/>.</summary>
    public IReadOnlyList<StoreWrite> Alongside { get; init; } = [];

    /// <summary>As <see cref="NewPortrait.Condition"/>.</summary>
    public Action<Portrait>? Condition { get; init; }

    internal Portrait ApplyTo(Portrait portrait)
    {
        Condition?.Invoke(portrait);
        var cleared = portrait.Cleared with { Published = Published };
        return Deleted is { } node
            ? cleared.With(node, null)
            : cleared with { MetadataAccess = portrait.MetadataAccess ?? (Published is null ? null : Access) };
    }
}

using System.Collections.Immutable;
using Likeness.Stores;

namespace Likeness;

/// <summary>What <see cref="PortraitBook.Set"/> is given.</summary>
public sealed record NewPortrait
{
    /// <summary>The in-band picture; null for metadata that has only links.</summary>
    public Picture? Picture { get; init; }

    /// <summary>The large normalised original, where there is one beside <see cref="Picture"/>.</summary>
    public Picture? Master { get; init; }

    public ImmutableArray<PictureLink> Links { get; init; } = [];

    /// <summary>The metadata item that set it, when it came by PEP.</summary>
    public PublishedMetadata? Published { get; init; }

    public required Origin Origin { get; init; }

    /// <summary>A document of the same change, stored in the same transaction: the other fields of a vCard.</summary>
    public AccountDocument? Alongside { get; init; }

    internal IReadOnlyList<Picture> Pictures => (Picture, Master) switch
    {
        (null, null) => [],
        ({ } picture, null) => [picture],
        (null, { } master) => [master],
        ({ } picture, { } master) => [picture, master],
    };

    internal Portrait ApplyTo(Portrait portrait, AccessModel defaultAccess)
    {
        // Outside PEP a picture is recognised by its hash alone: links and metadata that came with it stay.
        if (Published is null && Picture is not null && portrait.Picture?.Id == Picture.Id && Master?.Id == portrait.Master?.Id)
        {
            return portrait;
        }

        return portrait with
        {
            Picture = Picture?.Info,
            Master = Master?.Info,
            Links = Links,
            Published = Published,
            DataAccess = portrait.DataAccess ?? defaultAccess,
            MetadataAccess = portrait.MetadataAccess ?? defaultAccess,
        };
    }
}

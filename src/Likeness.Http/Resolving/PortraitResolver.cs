using Likeness.Http.Answering;
using Likeness.Libravatar;

namespace Likeness.Http.Resolving;

/// <summary>The portraits that everybody may see. Whoever has none, or hides it, is as unknown as somebody never heard of.</summary>
internal sealed class PortraitResolver(PortraitBook book, AddressBook addresses, AvatarSites sites, DomainPolicies policies, PictureAlbum? album = null)
{
    /// <summary>The portrait of the person the hash stands for.</summary>
    public async ValueTask<Subject?> Owner(AvatarRequest request, CancellationToken cancellationToken) =>
        request.Query.Hash is { } hash && await OwnerOf(request, hash, cancellationToken) is { } owner ? await Show(request, owner, cancellationToken) : null;

    /// <summary>The portrait the domain shows for everybody else.</summary>
    public async ValueTask<Subject?> CatchAll(AvatarRequest request, CancellationToken cancellationToken) =>
        request.Query.Hash is not null && await addresses.CatchAll(request.Site.Policy, cancellationToken) is { } owner
            ? await Show(request, owner, cancellationToken)
            : null;

    /// <summary>Which address the hash was made of; null unless the person shows a portrait to everybody: else that the server knows them must not be seen.</summary>
    public async ValueTask<string?> AddressOf(AvatarRequest request, CancellationToken cancellationToken) =>
        request.Query.Hash is { } hash
        && await OwnerOf(request, hash, cancellationToken) is { } owner
        && await Show(request, owner, cancellationToken) is not null
            ? (await addresses.Of(owner, cancellationToken)).FirstOrDefault(text => Address.TryParse(text, out var address) && address.Hashes.Contains(hash))
            : null;

    public ValueTask<Picture?> Read(PictureInfo picture) => book.Read(picture.Id);

    public bool IsPublic(Portrait portrait) => book.VisibilityOf(portrait).ShowsTo(AvatarRelation.Stranger);

    private async ValueTask<Identity?> OwnerOf(AvatarRequest request, AddressHash hash, CancellationToken cancellationToken)
    {
        request.Memo.DependOn(hash);
        return await addresses.Find(hash, cancellationToken) is { } owner && (hash.IsSha256 || policies.For(owner.Domain).Md5) ? owner : null;
    }

    private async ValueTask<Subject?> Show(AvatarRequest request, Identity owner, CancellationToken cancellationToken)
    {
        request.Memo.DependOn(owner);
        var portrait = await book.Find(owner, cancellationToken);
        if (portrait.Source is not { } picture || !IsPublic(portrait))
        {
            return null;
        }

        // One of the person's addresses may show another of the person's pictures, or none.
        return album is null || request.Query.Hash is not { } hash || await album.ShownAt(portrait, hash, cancellationToken) is not { } chosen
            ? new Subject.Person(portrait, picture, sites.Of(owner))
            : chosen.Picture is { } other ? new Subject.Person(portrait with { Changed = chosen.Since }, other.Source, sites.Of(owner)) : null;
    }
}

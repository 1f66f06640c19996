using Likeness.Http.Renditions;
using Likeness.Imaging.Faces;
using Likeness.Libravatar;

namespace Likeness.Http.Resolving;

/// <summary>What stands in for a portrait (table 2.2).</summary>
internal sealed class DefaultResolver(SiteImages images, PortraitResolver portraits)
{
    private const int MaxLetters = 3;

    /// <summary>The values of <c>d</c> that mean something here.</summary>
    public IEnumerable<string> Names => Painter.Faces.Union(images.Names);

    /// <summary><c>d=404</c>, or a URL that the domain trusts.</summary>
    public ValueTask<Subject?> Elsewhere(AvatarRequest request, CancellationToken cancellationToken) => new(request.Query.Default switch
    {
        DefaultKeywords.NotFound => new Subject.Nothing(),
        { } url when TrustedUrl.TryAccept(url, request.Site.Policy.TrustedDefaults, out var location) => new Subject.Redirect(location, "default"),
        _ => null,
    });

    /// <summary>A picture of the operator's by this name; behind it stands the face of the same name.</summary>
    public Subject? Image(string? name) => name is not null && images.Find(name) is { } image ? new Subject.Image(name, image) : null;

    /// <summary>The face of this name; where everybody may know that the server knows the person, in the colour that chats give the address.</summary>
    public async ValueTask<Subject?> Face(AvatarRequest request, string? name, CancellationToken cancellationToken) =>
        name is not null && FaceCatalogue.Find(name) is { } face
            ? new Subject.Drawn(
                face,
                request.Query.Hash,
                LettersOf(request.Query),
                Painter.IsColoured(face) ? await portraits.AddressOf(request, cancellationToken) : null)
            : null;

    /// <summary>The letters that a request wants on a face, of <c>initials</c>, else of <c>name</c>: few and short, because each makes a picture of its own.</summary>
    private static string? LettersOf(AvatarQuery query) =>
        FaceSubject.LettersOf(query.Initials, MaxLetters) ?? (query.Name is { } name ? FaceSubject.LettersOf(FaceSubject.InitialsOf(name), MaxLetters) : null);
}

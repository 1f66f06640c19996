namespace Likeness.Xmpp.Server.Features.Avatars;

/// <summary>An <c>info</c> of published metadata (XEP-0084 §4.2.1).</summary>
/// <param name="Url">Null for the picture at the data node.</param>
internal sealed record AvatarInfo(string Id, string MediaType, int Length, int? Width, int? Height, string? Url);

namespace Likeness;

/// <summary>A rendition of the portrait that its publisher offers by HTTP(S): a XEP-0084 <c>info</c> with a <c>url</c>. Never fetched by the server.</summary>
/// <param name="Id">The id its publisher gave, normally the SHA-1 of the bytes.</param>
/// <param name="Length">Bytes, as claimed.</param>
public sealed record PictureLink(string Url, string Id, string MediaType, int Length, int? Width, int? Height);

namespace Likeness.Libravatar.Fetching;

/// <summary>One picture to fetch; with a validator the answer may be <see cref="FetchResult.NotModified"/>.</summary>
/// <param name="Source">An absolute http or https URL without user info.</param>
public sealed record FetchRequest(Uri Source)
{
    /// <summary>Sent as <c>If-None-Match</c>, quotes included.</summary>
    public string? EntityTag { get; init; }

    /// <summary>Sent as <c>If-Modified-Since</c>.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Set: a document of at most so many bytes is wanted instead of a picture, and comes as <see cref="FetchResult.Document"/>.</summary>
    public int? MaxDocumentBytes { get; init; }

    /// <summary>The media type of that document, for <c>Accept</c>; what comes may be of another.</summary>
    public string DocumentType { get; init; } = "application/json";

    internal bool IsConditional => EntityTag is not null || LastModified is not null;
}

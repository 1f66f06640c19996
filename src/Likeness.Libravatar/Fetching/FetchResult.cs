namespace Likeness.Libravatar.Fetching;

/// <summary>How a fetch ended; whatever the remote side does, it ends in one of these.</summary>
public abstract record FetchResult
{
    private FetchResult()
    {
    }

    public sealed record Fetched(FetchedImage Image) : FetchResult;

    /// <summary>What <see cref="FetchRequest.MaxDocumentBytes"/> asked for; of its bytes nothing was looked at.</summary>
    /// <param name="MaxAge">How long the server calls it fresh.</param>
    public sealed record Document(ReadOnlyMemory<byte> Bytes, string? EntityTag, TimeSpan? MaxAge) : FetchResult;

    /// <summary>The server says that there is none (404, 410).</summary>
    /// <param name="MaxAge">How long the server calls this answer fresh.</param>
    public sealed record NotFound(TimeSpan? MaxAge = null) : FetchResult;

    /// <summary>What the request's validators name is still right (304).</summary>
    /// <param name="MaxAge">How long the server calls it fresh from now on.</param>
    public sealed record NotModified(TimeSpan? MaxAge = null) : FetchResult;

    /// <summary>A rule of ours was broken; asking again gives the same.</summary>
    public sealed record Refused(FetchRefusal Reason) : FetchResult;

    /// <summary>It did not work this time.</summary>
    /// <param name="Status">The HTTP status when <see cref="FetchFailure.Status"/> is the reason, else 0.</param>
    public sealed record Failed(FetchFailure Reason, int Status = 0) : FetchResult;
}

/// <summary>The rule that an URL, a server or an answer broke.</summary>
public enum FetchRefusal
{
    /// <summary>Neither http nor https.</summary>
    Scheme,

    /// <summary>The URL carries a user name.</summary>
    UserInfo,
    Port,
    Host,

    /// <summary>The host has no address that may be dialled.</summary>
    Address,

    /// <summary>A redirect from https to http.</summary>
    Downgrade,
    TooManyRedirects,
    HeaderTooLarge,
    BodyTooLarge,

    /// <summary>The bytes are no JPEG, PNG, GIF or WebP.</summary>
    NotAnImage,

    /// <summary>The bytes are no profile.</summary>
    NotAProfile,
}

/// <summary>What went wrong on the way.</summary>
public enum FetchFailure
{
    TimedOut,

    /// <summary>The name has no address or could not be looked up.</summary>
    Unresolved,
    Unreachable,

    /// <summary>The TLS handshake or the certificate.</summary>
    Encryption,

    /// <summary>The answer is no HTTP or ended early.</summary>
    Protocol,

    /// <summary>An answer with a status that says nothing about the picture.</summary>
    Status,
}

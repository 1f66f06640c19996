using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Fetching;

namespace Likeness.Libravatar;

/// <summary>Where somebody's avatar is, and why there.</summary>
/// <param name="Url">Null: there is no server to ask.</param>
/// <param name="Server">The server in the URL.</param>
/// <param name="IsFallback">The server is not the domain's own.</param>
/// <param name="Discovery">What DNS said about the domain.</param>
public sealed record AvatarLocation(string? Url, AvatarBase? Server, bool IsFallback, DiscoveryStatus Discovery);

/// <summary>What came of asking for somebody's avatar.</summary>
public sealed record AvatarResult
{
    private AvatarResult(AvatarStatus status, DiscoveryStatus discovery) => (Status, Discovery) = (status, discovery);

    public AvatarStatus Status { get; }

    /// <summary>What DNS said about the domain; unless <see cref="DiscoveryStatus.Found"/>, <see cref="Server"/> is the fallback.</summary>
    public DiscoveryStatus Discovery { get; }

    /// <summary>The picture, when <see cref="Status"/> is <see cref="AvatarStatus.Found"/>. The bytes are a stranger's: decode them where that is safe.</summary>
    public FetchedImage? Image { get; private init; }

    /// <summary>The server that gave this answer; null when none could be asked.</summary>
    public AvatarBase? Server { get; private init; }

    /// <summary>What went wrong with <see cref="Server"/>, when <see cref="Status"/> is <see cref="AvatarStatus.Failed"/>.</summary>
    public FetchFailure? Failure { get; private init; }

    /// <summary>The HTTP status, when <see cref="Failure"/> is <see cref="FetchFailure.Status"/>; else 0.</summary>
    public int HttpStatus { get; private init; }

    /// <summary>The rule that <see cref="Server"/> or its answer broke, when <see cref="Status"/> is <see cref="AvatarStatus.Refused"/>.</summary>
    public FetchRefusal? Refusal { get; private init; }

    /// <summary>A result of your own, for doubles in tests.</summary>
    public static AvatarResult Found(FetchedImage image, AvatarBase server, DiscoveryStatus discovery = DiscoveryStatus.Found)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new AvatarResult(AvatarStatus.Found, discovery) { Image = image, Server = server };
    }

    /// <summary>A result without a picture, for doubles in tests; <paramref name="status"/> is not <see cref="AvatarStatus.Found"/>.</summary>
    public static AvatarResult Without(AvatarStatus status, DiscoveryStatus discovery = DiscoveryStatus.None) =>
        status != AvatarStatus.Found ? new AvatarResult(status, discovery) : throw new ArgumentException("A picture that was found has bytes.", nameof(status));

    /// <summary>In a few words, without the address.</summary>
    public override string ToString() => this switch
    {
        { Status: AvatarStatus.Found } => $"{Server} gives a picture",
        { Status: AvatarStatus.None } => $"{Server} has no picture",
        { Status: AvatarStatus.NotFederated } => "there is no avatar server to ask",
        { Status: AvatarStatus.DnsFailed } => "DNS does not tell the domain's avatar server",
        { Failure: FetchFailure.Status } => $"{Server} answers with HTTP status {HttpStatus}",
        { Failure: FetchFailure.TimedOut } => $"{Server} does not answer in time",
        { Failure: FetchFailure.Unresolved } => $"{Server} has no address in DNS",
        { Failure: FetchFailure.Unreachable } => $"{Server} cannot be reached",
        { Failure: FetchFailure.Encryption } => $"{Server} has no trusted certificate, or TLS fails",
        { Failure: FetchFailure.Protocol } => $"{Server} does not speak HTTP as it should",
        { Refusal: FetchRefusal.NotAnImage } => $"{Server} sends something that is no JPEG, PNG, GIF or WebP",
        { Refusal: FetchRefusal.BodyTooLarge } => $"{Server} sends too large a picture",
        { Refusal: FetchRefusal.Address } => $"{Server} has private addresses only, which are not dialled",
        { Refusal: { } refusal } => $"{Server} was refused ({refusal})",
        _ => Status.ToString(),
    };

    /// <summary>What there being no server to ask means, by what DNS said.</summary>
    internal static AvatarStatus WithoutServer(DiscoveryStatus discovery) =>
        discovery is DiscoveryStatus.Failed or DiscoveryStatus.Pending ? AvatarStatus.DnsFailed : AvatarStatus.NotFederated;

    internal static AvatarResult Of(FetchResult result, AvatarBase server, DiscoveryStatus discovery) => result switch
    {
        FetchResult.Fetched { Image: var image } => Found(image, server, discovery),
        FetchResult.NotFound => new AvatarResult(AvatarStatus.None, discovery) { Server = server },
        FetchResult.Refused { Reason: var reason } => new AvatarResult(AvatarStatus.Refused, discovery) { Server = server, Refusal = reason },
        FetchResult.Failed { Reason: var reason, Status: var status } => new AvatarResult(AvatarStatus.Failed, discovery) { Server = server, Failure = reason, HttpStatus = status },
        _ => throw new InvalidOperationException("The cache resolves what is not modified."),
    };
}

/// <summary>How asking for an avatar ended.</summary>
public enum AvatarStatus
{
    /// <summary>There is a picture.</summary>
    Found,

    /// <summary>The server says that this person has none.</summary>
    None,

    /// <summary>The domain names no server, and there is no fallback.</summary>
    NotFederated,

    /// <summary>DNS could not be asked for the domain's servers, and there is no fallback.</summary>
    DnsFailed,

    /// <summary>No server gave an answer: <see cref="AvatarResult.Failure"/> says what is broken at the last one that was tried.</summary>
    Failed,

    /// <summary>The last server that was tried, or what it sent, is against the rules: <see cref="AvatarResult.Refusal"/>.</summary>
    Refused,
}

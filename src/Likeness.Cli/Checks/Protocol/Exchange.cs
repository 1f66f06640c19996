using Likeness.Imaging;

namespace Likeness.Cli.Checks.Protocol;

/// <summary>One question to a server and what came of it, redirects followed.</summary>
/// <param name="Status">Of the last answer; 0 when there was none.</param>
/// <param name="Headers">Of the last answer, all lower-case names.</param>
internal sealed record Exchange(HttpMethod Method, Uri Asked, int Status, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>Those on the way to the last answer.</summary>
    public IReadOnlyList<Redirect> Redirects { get; init; } = [];

    public TimeSpan Elapsed { get; init; }

    /// <summary>Why there is no last answer; null when there is one.</summary>
    public string? Failure { get; init; }

    /// <summary>Path and query, for the report.</summary>
    public string Target => Asked.PathAndQuery;

    /// <summary>What the bytes are; null when they are no picture.</summary>
    public ImageHeader? Picture => ImageGate.TryIdentify(Body.Span, out var header) ? header : null;

    public bool IsPicture => Status == 200 && Picture is not null;

    public bool IsHtml => this["content-type"].StartsWith("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>A header, empty when it is missing.</summary>
    public string this[string header] => Headers.GetValueOrDefault(header, "");

    /// <summary>Status and kind of the answer in a few words.</summary>
    public string Shown => Failure ?? (Picture is { } picture && Status == 200 ? $"{Status}, {picture.Width} × {picture.Height} {picture.Format}" : $"{Status} {this["content-type"]}".TrimEnd());
}

/// <summary>One redirect.</summary>
/// <param name="From">The URL that answered.</param>
/// <param name="Location">The header as it was sent.</param>
internal sealed record Redirect(Uri From, int Status, string Location);

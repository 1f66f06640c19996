using System.Text;

namespace Likeness.Http;

/// <summary>One complete answer, made once and written many times.</summary>
public sealed class AvatarAnswer
{
    internal AvatarAnswer(int status, IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body)
    {
        Status = status;
        Headers = headers;
        Body = body;
        Tag = Value("ETag");
        EntityTag = Encoding.ASCII.GetBytes(Tag);
        LastModified = Encoding.ASCII.GetBytes(Value("Last-Modified"));
        NotModifiedHeaders = [.. headers.Where(header => !header.Key.StartsWith("Content-", StringComparison.Ordinal))];
    }

    public int Status { get; }

    /// <summary>Every header but <c>Date</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>What a 304 carries: validators, caching and security headers (L-52).</summary>
    public IReadOnlyList<KeyValuePair<string, string>> NotModifiedHeaders { get; }

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Empty for an answer that is never "not modified".</summary>
    internal string Tag { get; }

    /// <summary><see cref="Tag"/> in bytes.</summary>
    internal byte[] EntityTag { get; }

    internal byte[] LastModified { get; }

    internal AnswerVersion Version { get; init; }

    /// <summary>The second of <see cref="HttpClock"/> from which on it is prepared anew.</summary>
    internal long Expires { get; init; }

    /// <summary>Memory held, bytes; a URL to redirect to may be long, the other headers are much the same for all.</summary>
    internal int Weight => Body.Length + 2048 + (4 * Value("Location").Length);

    private string Value(string name) =>
        Headers.FirstOrDefault(header => header.Key == name).Value ?? "";
}

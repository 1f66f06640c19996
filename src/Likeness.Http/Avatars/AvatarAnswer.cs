using System.Text;

namespace Likeness.Http;

/// <summary>One complete answer, made once and written many times.</summary>
public sealed class AvatarAnswer
{
    private readonly PreparedHead _full;
    private readonly PreparedHead _notModified;

    internal AvatarAnswer(AnswerStatus status, IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body)
    {
        Status = status.Code;
        Headers = headers;
        Body = body;
        EntityTag = Encoding.ASCII.GetBytes(Value("ETag"));
        LastModified = Encoding.ASCII.GetBytes(Value("Last-Modified"));
        NotModifiedHeaders = [.. headers.Where(header => !header.Key.StartsWith("Content-", StringComparison.Ordinal))];
        _full = new PreparedHead($"HTTP/1.1 {status.Code} {status.Reason}", headers);
        _notModified = new PreparedHead("HTTP/1.1 304 Not Modified", NotModifiedHeaders);
    }

    public int Status { get; }

    /// <summary>Every header but <c>Date</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>What a 304 carries: validators, caching and security headers (L-52).</summary>
    public IReadOnlyList<KeyValuePair<string, string>> NotModifiedHeaders { get; }

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Empty for an answer that is never "not modified".</summary>
    internal byte[] EntityTag { get; }

    internal byte[] LastModified { get; }

    internal AnswerVersion Version { get; init; }

    /// <summary>The second of <see cref="HttpClock"/> from which on it is prepared anew.</summary>
    internal long Expires { get; init; }

    /// <summary>Memory held, bytes.</summary>
    internal int Weight => _full.Length + (3 * _notModified.Length) + Body.Length + 512;

    /// <summary>The bytes of a whole HTTP/1.1 answer; returns how many.</summary>
    internal int WriteTo(System.IO.Pipelines.PipeWriter output, ReadOnlySpan<byte> date, bool withBody, bool notModified)
    {
        if (notModified)
        {
            _notModified.WriteTo(output, date);
            return _notModified.Length;
        }

        _full.WriteTo(output, date);
        if (!withBody)
        {
            return _full.Length;
        }

        System.Buffers.BuffersExtensions.Write(output, Body.Span);
        return _full.Length + Body.Length;
    }

    private string Value(string name) =>
        Headers.FirstOrDefault(header => header.Key == name).Value ?? "";
}

/// <param name="Reason">The reason phrase of RFC 9110 §15.</param>
internal readonly record struct AnswerStatus(int Code, string Reason)
{
    public static AnswerStatus Ok { get; } = new(200, "OK");
    public static AnswerStatus NoContent { get; } = new(204, "No Content");
    public static AnswerStatus BadRequest { get; } = new(400, "Bad Request");
    public static AnswerStatus NotFound { get; } = new(404, "Not Found");
    public static AnswerStatus MethodNotAllowed { get; } = new(405, "Method Not Allowed");
    public static AnswerStatus ServiceUnavailable { get; } = new(503, "Service Unavailable");
}

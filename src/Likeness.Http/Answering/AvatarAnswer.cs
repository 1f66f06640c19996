using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Likeness.Http.Answering;

/// <summary>One complete answer, made once and written many times: what can be done beforehand is done when it is made.</summary>
internal sealed class AvatarAnswer
{
    // On every answer. Whoever opens a picture on its own is shown a picture and nothing else, whatever is in it.
    private static readonly StringValues Everybody = "*";
    private static readonly AnswerHeader[] Common =
    [
        new("X-Content-Type-Options", "nosniff"),
        new("Cross-Origin-Resource-Policy", "cross-origin"),
        new("Content-Security-Policy", "default-src 'none'; sandbox"),
    ];

    private readonly AnswerHeader[] _others;
    private readonly StringValues _caching;
    private readonly StringValues _type;
    private readonly StringValues _tag;
    private readonly StringValues _modified;

    /// <param name="type">Of the body; null for none, and then there is no length either.</param>
    /// <param name="others">Every other header but <c>Date</c> and those of every answer. Kept; best shared with other answers, so that it is in the processor's cache.</param>
    public AvatarAnswer(int status, string? type, ReadOnlyMemory<byte> body, string caching, AnswerHeader[] others) =>
        (Status, Body, _caching, _type, _others) = (status, body, caching, type, others);

    public int Status { get; }

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>For the count: <c>portrait</c>, <c>default</c>, <c>none</c> …</summary>
    public string? Source { get; init; }

    /// <summary>For the count: <c>md5</c>, <c>sha256</c> or <c>other</c>.</summary>
    public string HashKind { get; private init; } = AnswerMemo.OtherHash;

    /// <summary>Empty for an answer that is never "not modified".</summary>
    public string Tag
    {
        get => _tag.ToString();
        init => _tag = value;
    }

    public string LastModified
    {
        get => _modified.ToString();
        init => _modified = value;
    }

    public AnswerMemo? Memo
    {
        init => (Dependencies, Expires, HashKind, Seen) = value is null ? ([], 0, HashKind, null) : (value.Dependencies, value.Expires, value.HashKind, value.Seen);
    }

    /// <summary>Counts for the person whose portrait it is; null: it is nobody's, or nothing is counted.</summary>
    public SeenCounter? Seen { get; private init; }

    /// <summary>To be called for each time it is given.</summary>
    public void Count(HttpRequest request)
    {
        if (Seen is not { } seen)
        {
            return;
        }

        if (seen.TakesSites && request.Headers.Referer is [{ } referrer])
        {
            seen.AddFrom(referrer);
        }
        else
        {
            seen.Add();
        }
    }

    public Dependency[] Dependencies { get; private init; } = [];

    /// <summary>The second of <see cref="HttpClock"/> from which on it is prepared anew; 0 for an answer that is not to be remembered.</summary>
    public long Expires { get; private init; }

    /// <summary>Memory held, bytes; a URL to redirect to may be long, the other headers are much the same for all.</summary>
    public int Weight => Body.Length + 2048 + (4 * Header("Location").Length);

    /// <summary>Empty when there is none.</summary>
    public string Header(string name) => name switch
    {
        "Cache-Control" => _caching.ToString(),
        "Content-Type" => _type.ToString(),
        "Content-Length" => Body.Length.ToString(CultureInfo.InvariantCulture),
        "ETag" => Tag,
        "Last-Modified" => LastModified,
        _ => _others.FirstOrDefault(header => header.Name == name)?.Value.ToString() ?? "",
    };

    /// <summary>Copies it out, or tells the client that it has it.</summary>
    public Task Write(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var headers = response.Headers;
        headers.CacheControl = _caching;
        headers.AccessControlAllowOrigin = Everybody;
        if (_tag.Count > 0)
        {
            headers.ETag = _tag;
            headers.LastModified = _modified;
            if (IsNotModified(request))
            {
                // Validators, caching and security headers alone.
                response.StatusCode = StatusCodes.Status304NotModified;
                Copy(Common, headers);
                return Task.CompletedTask;
            }
        }

        response.StatusCode = Status;
        Copy(Common, headers);
        Copy(_others, headers);
        if (_type.Count > 0 || Status == StatusCodes.Status307TemporaryRedirect)
        {
            headers.ContentType = _type;
            headers.ContentLength = Body.Length;
        }

        return Body.IsEmpty || HttpMethods.IsHead(request.Method) ? Task.CompletedTask : WriteBody(response);
    }

    private static void Copy(AnswerHeader[] from, IHeaderDictionary to)
    {
        foreach (var header in from)
        {
            to[header.Name] = header.Value;
        }
    }

    public static bool IsRead(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    // Not with the request's own cancellation: asking for it costs more than writing to nobody.
    private async Task WriteBody(HttpResponse response) => await response.BodyWriter.WriteAsync(Body, CancellationToken.None);

    /// <summary>Whether the client has the answer already (RFC 9110 §13.2.2).</summary>
    private bool IsNotModified(HttpRequest request)
    {
        var ifNoneMatch = request.Headers.IfNoneMatch;
        if (ifNoneMatch.Count > 0)
        {
            // What browsers send: the one tag they have.
            return (ifNoneMatch.Count == 1 && ifNoneMatch[0] == Tag) || Names(Encoding.UTF8.GetBytes(ifNoneMatch.ToString()), Encoding.ASCII.GetBytes(Tag));
        }

        // Compared exactly: a person who goes back to an older picture, or to none, has an older date, and "not later" would
        // keep the removed picture on screen.
        return request.Headers.IfModifiedSince is { Count: > 0 } since && since.ToString() == LastModified;
    }

    /// <summary>Weak comparison over the list (RFC 9110 §13.1.2).</summary>
    private static bool Names(ReadOnlySpan<byte> list, ReadOnlySpan<byte> tag)
    {
        list = list.Trim(" \t"u8);
        if (list.SequenceEqual("*"u8))
        {
            return true;
        }

        while (!list.IsEmpty)
        {
            list = list.TrimStart(" \t,"u8);
            if (list.StartsWith("W/"u8))
            {
                list = list[2..];
            }

            var end = list.Length > 1 && list[0] == '"' ? list[1..].IndexOf((byte)'"') : -1;
            if (end < 0)
            {
                return false;
            }

            if (list[..(end + 2)].SequenceEqual(tag))
            {
                return true;
            }

            list = list[(end + 2)..];
        }

        return false;
    }
}

/// <summary>A header that is the same for many answers.</summary>
internal sealed class AnswerHeader(string name, string value)
{
    public string Name { get; } = name;

    public StringValues Value { get; } = value;
}

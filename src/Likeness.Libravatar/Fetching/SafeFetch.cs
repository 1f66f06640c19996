using System.Net;
using System.Net.Http.Headers;

namespace Likeness.Libravatar.Fetching;

/// <summary>Fetches a picture from an URL that a stranger may have chosen: addresses checked when connecting and on every redirect; time, bytes and redirects capped; no cookies, no credentials, no proxy but one that was named, nothing of any client's.</summary>
public sealed class SafeFetch : IDisposable
{
    /// <summary>The <c>User-Agent</c> of every request: servers with a gateway know by it that they are asked by one.</summary>
    public const string Product = "Likeness";

    private readonly SafeFetchOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _client;

    public SafeFetch(SafeFetchOptions? options = null, TimeProvider? time = null)
    {
        _options = options ?? new SafeFetchOptions();
        _options.Validate();
        _time = time ?? TimeProvider.System;
        _client = new HttpMessageInvoker(FetchHandler.Create(_options, _time));
    }

    /// <summary>Throws <see cref="OperationCanceledException"/> for the caller's own cancellationToken, never for what the remote side does.</summary>
    public async Task<FetchResult> FetchAsync(FetchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!request.Source.IsAbsoluteUri)
        {
            return new FetchResult.Refused(FetchRefusal.Scheme);
        }

        using var overtime = new CancellationTokenSource(_options.Timeout, _time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, overtime.Token);
        try
        {
            return await Follow(request, ends.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or FormatException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return FetchErrors.Translate(exception);
        }
    }

    /// <inheritdoc cref="FetchAsync(FetchRequest, CancellationToken)"/>
    public Task<FetchResult> FetchAsync(Uri source, CancellationToken cancellationToken = default) => FetchAsync(new FetchRequest(source), cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<FetchResult> Follow(FetchRequest request, CancellationToken cancellationToken)
    {
        Uri? previous = null;
        var target = request.Source;
        for (var hops = 0; hops <= _options.MaxRedirects; hops++)
        {
            if (FetchRules.Refuse(target, previous, _options) is { } refusal)
            {
                return new FetchResult.Refused(refusal);
            }

            using var message = Message(target, request);
            using var response = await _client.SendAsync(message, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                return await Read(response, target, request, cancellationToken);
            }

            if (!TryReadLocation(response, target, out var next))
            {
                return new FetchResult.Failed(FetchFailure.Protocol);
            }

            (previous, target) = (target, next);
        }

        return new FetchResult.Refused(FetchRefusal.TooManyRedirects);
    }

    private static HttpRequestMessage Message(Uri target, FetchRequest request)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, target) { Version = HttpVersion.Version11 };
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue(Product, productVersion: null));
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(request.MaxDocumentBytes is null ? "image/*" : request.DocumentType));
        message.Headers.IfModifiedSince = request.LastModified;
        if (EntityTagHeaderValue.TryParse(request.EntityTag, out var tag))
        {
            message.Headers.IfNoneMatch.Add(tag);
        }

        return message;
    }

    private static bool TryReadLocation(HttpResponseMessage response, Uri current, out Uri target)
    {
        // The text, not the parsed header: on Unix a path alone would count as a file's URL.
        var text = response.Headers.NonValidated.TryGetValues("Location", out var values) && values.Count == 1 ? values.ToString() : "";
        return Uri.TryCreate(current, text.Trim(), out target!) && text.Length > 0;
    }

    private async Task<FetchResult> Read(HttpResponseMessage response, Uri source, FetchRequest request, CancellationToken cancellationToken)
    {
        var maxAge = response.Headers.CacheControl is { NoStore: false, NoCache: false } control ? control.MaxAge : null;
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                break;
            case HttpStatusCode.NotModified when request.IsConditional:
                return new FetchResult.NotModified(maxAge);
            case HttpStatusCode.NotFound or HttpStatusCode.Gone:
                return new FetchResult.NotFound(maxAge);
            default:
                return new FetchResult.Failed(FetchFailure.Status, (int)response.StatusCode);
        }

        if (await BoundedBody.Read(response.Content, request.MaxDocumentBytes ?? _options.MaxBodyBytes, cancellationToken) is not { } bytes)
        {
            return new FetchResult.Refused(FetchRefusal.BodyTooLarge);
        }

        if (request.MaxDocumentBytes is not null)
        {
            return new FetchResult.Document(bytes, response.Headers.ETag?.ToString(), maxAge);
        }

        var format = ImageSignature.Read(bytes.Span);
        return format == AvatarFormat.Unspecified
            ? new FetchResult.Refused(FetchRefusal.NotAnImage)
            : new FetchResult.Fetched(new FetchedImage(bytes, format, source)
            {
                EntityTag = response.Headers.ETag?.ToString(),
                LastModified = response.Content.Headers.LastModified,
                MaxAge = maxAge,
            });
    }
}

using System.Net;
using System.Net.Http.Headers;
using Likeness.Libravatar.Fetching;

namespace Likeness.Libravatar.Resolving;

/// <summary>DNS over HTTPS (RFC 8484) by POST.</summary>
internal sealed class HttpsExchange(Uri server, HttpMessageInvoker client) : IDnsExchange
{
    private const string MediaType = "application/dns-message";
    private const int LargestMessage = 65_535;

    /// <summary>A client that adds nothing of its own.</summary>
    public static HttpMessageInvoker CreateClient(Uri? proxy = null) => new(new SocketsHttpHandler
    {
        UseProxy = proxy is not null,
        Proxy = WebProxies.Of(proxy),
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
    });

    public async Task<DnsMessage> Ask(DnsQuestion question, CancellationToken cancellationToken)
    {
        // RFC 8484 §4.1: the id is zero, TLS ties the answer to the question.
        var query = DnsQuery.Write(question, 0, withExtension: true) ?? throw new DnsFormatException("This is no name.");
        using var request = new HttpRequestMessage(HttpMethod.Post, server) { Content = new ByteArrayContent(query) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaType));
        using var response = await client.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK || response.Content.Headers.ContentType?.MediaType != MediaType)
        {
            throw new DnsFormatException("The server answers with something else.");
        }

        var body = await BoundedBody.Read(response.Content, LargestMessage, cancellationToken);
        return body is { } bytes && DnsMessage.Read(bytes.Span) is { IsTruncated: false } answer && DnsMatch.Belongs(answer, question, 0, isCaseExact: false)
            ? answer
            : throw new DnsFormatException("The answer is not one to the question.");
    }
}

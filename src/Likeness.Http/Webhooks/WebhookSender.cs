using System.Net.Http.Headers;
using Likeness.Stores;

namespace Likeness.Http.Webhooks;

/// <summary>Posts signed messages. The operator chose the address, so private ones are fine; nothing else of this machine goes along: no redirects, cookies or proxy.</summary>
public sealed class WebhookSender(TimeProvider time, WebhookOptions options) : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ActivityHeadersPropagator = null,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Null when the receiver answered with a status of 200 to 299; else why not, in a few words.</summary>
    public async Task<string?> Post(Webhook hook, WebhookMessage message, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = Request(hook, message.ToJson());
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            await Drain(response, either.Token);
            return response.IsSuccessStatusCode ? null : $"it answered {(int)response.StatusCode}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"it did not answer within {options.Timeout.TotalSeconds:0} seconds";
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return exception.Message;
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Request(Webhook hook, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, hook.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Likeness", "1"));
        request.Headers.Add(WebhookSecret.Header, WebhookSecret.Sign(hook.Secret, time.GetUtcNow(), body));
        return request;
    }

    /// <summary>A short answer is read so that the connection can be used again; of a longer one the rest is not.</summary>
    private static async Task Drain(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var answer = await response.Content.ReadAsStreamAsync(cancellationToken);
        var piece = new byte[4096];
        for (var left = MaxAnswerBytes; left > 0;)
        {
            var read = await answer.ReadAsync(piece, cancellationToken);
            if (read == 0)
            {
                return;
            }

            left -= read;
        }
    }
}

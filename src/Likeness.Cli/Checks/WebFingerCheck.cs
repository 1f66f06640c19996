using System.Net;
using System.Text.Json;
using Likeness.Cli.Federation;
using Likeness.Imaging;
using Likeness.Libravatar;

namespace Likeness.Cli.Checks;

/// <summary>Whether WebFinger leads to a person's picture (RFC 7033): what programs ask that know an address and no hash.</summary>
internal sealed class WebFingerCheck(Reach reach)
{
    private const string Avatar = "http://webfinger.net/rel/avatar";
    private const int LargestBody = 1024 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <param name="root">The web server that is asked: the domain's own name by https, as programs do.</param>
    /// <param name="mayGoToRoot">It may be anywhere, because whoever runs this named it.</param>
    public async Task<Finding> Look(Uri root, Address person, CancellationToken cancellationToken, bool mayGoToRoot = false)
    {
        using var client = reach.Web(Timeout, LargestBody, mayGoToRoot ? root.IdnHost : "");
        var asked = new Uri(root, $"/.well-known/webfinger?resource={Uri.EscapeDataString("acct:" + person.Text)}&rel={Uri.EscapeDataString(Avatar)}");
        try
        {
            using var answer = await client.GetAsync(asked, cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                return Finding.Ok("webfinger-none", root.Authority, $"WebFinger does not tell of {person} ({(int)answer.StatusCode}).");
            }

            if (LinkIn(await answer.Content.ReadAsByteArrayAsync(cancellationToken)) is not { } link || !Uri.TryCreate(asked, link, out var place) || place.Scheme is not ("http" or "https"))
            {
                return Finding.Ok("webfinger-none", root.Authority, $"WebFinger tells of {person}, and of no picture.");
            }

            using var shown = await client.GetAsync(place, cancellationToken);
            var picture = await shown.Content.ReadAsByteArrayAsync(cancellationToken);
            return shown.StatusCode == HttpStatusCode.OK && ImageGate.TryIdentify(picture, out _)
                ? Finding.Ok("webfinger", root.Authority, $"WebFinger leads to the picture: {place}") with { Picture = picture }
                : Finding.Warning("webfinger-faulty", root.Authority, $"WebFinger leads to {place}, which gives no picture ({(int)shown.StatusCode}).", "Let the link lead to where the picture is, or leave it out.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException or InvalidOperationException)
        {
            return Finding.Ok("webfinger-none", root.Authority, $"WebFinger cannot be asked: {(exception.InnerException ?? exception).Message.TrimEnd('.')}.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Finding.Ok("webfinger-none", root.Authority, "WebFinger gives no answer in time.");
        }
    }

    private static string? LinkIn(byte[] document)
    {
        using var json = JsonDocument.Parse(document);
        return json.RootElement.TryGetProperty("links", out var links) && links.ValueKind == JsonValueKind.Array
            ? links.EnumerateArray()
                .Where(link => link.TryGetProperty("rel", out var rel) && rel.ValueEquals(Avatar) && link.TryGetProperty("href", out var href) && href.ValueKind == JsonValueKind.String)
                .Select(link => link.GetProperty("href").GetString())
                .FirstOrDefault()
            : null;
    }
}

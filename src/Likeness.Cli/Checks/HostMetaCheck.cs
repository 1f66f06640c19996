using System.Text.Json;
using System.Xml;
using Likeness.Cli.Federation;
using Likeness.Xmpp.Payloads;

namespace Likeness.Cli.Checks;

/// <summary>Whether chat programs in browsers, which cannot ask DNS, find the domain's WebSocket (XEP-0156 §3).</summary>
internal sealed class HostMetaCheck(Reach reach)
{
    private const int LargestBody = 64 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <param name="root">The domain's web server: its name by https, as browsers ask.</param>
    public async Task<Finding> Look(Uri root, CancellationToken cancellationToken)
    {
        using var client = reach.Web(Timeout, LargestBody);
        return Judge(
            root.Authority,
            await Ask(client, new Uri(root, "/.well-known/host-meta"), Xep0156ConnectionMethods.ReadXml, cancellationToken),
            await Ask(client, new Uri(root, "/.well-known/host-meta.json"), Xep0156ConnectionMethods.ReadJson, cancellationToken));
    }

    private static Finding Judge(string domain, HostMetaAnswer xml, HostMetaAnswer json)
    {
        if (xml.Addresses.Count == 0 && json.Addresses.Count == 0)
        {
            return Finding.Ok("browser-chats-unnamed", domain, $"Its web server names no WebSocket: chat programs in browsers have to be told the address ({xml.Problem}).");
        }

        var fault = (xml.Addresses.Count, json.Addresses.Count) switch
        {
            (0, _) => $"/.well-known/host-meta does not name it: {xml.Problem}",
            (_, 0) => $"/.well-known/host-meta.json does not name it: {json.Problem}",
            _ when !xml.Addresses.SequenceEqual(json.Addresses) => "the two files name different addresses",
            _ when !xml.IsForEverybody || !json.IsForEverybody => "scripts of other sites may not read it",
            _ when xml.Addresses.FirstOrDefault(address => !address.StartsWith("wss://", StringComparison.OrdinalIgnoreCase)) is { } open => $"{open} is not wss",
            _ => null,
        };
        var shown = string.Join(", ", xml.Addresses.Concat(json.Addresses).Distinct());
        return fault is null
            ? Finding.Ok("browser-chats", domain, $"Chat programs in browsers go to {shown}.")
            : Finding.Warning("browser-chats-faulty", domain, $"Chat programs in browsers may not find {shown}: {fault}.", "Place both files as `likeness dns` prints them, with Access-Control-Allow-Origin: *.");
    }

    private static async Task<HostMetaAnswer> Ask(HttpClient client, Uri url, Func<string, IReadOnlyList<string>> read, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync(url, cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                return new([], false, $"the answer is {(int)answer.StatusCode}");
            }

            var addresses = read(await answer.Content.ReadAsStringAsync(cancellationToken));
            var isForEverybody = answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins) && origins.Contains("*");
            return new(addresses, isForEverybody, "there is no such link in it");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or XmlException or JsonException or InvalidOperationException)
        {
            return new([], false, (exception.InnerException ?? exception).Message.TrimEnd('.'));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new([], false, "there is no answer in time");
        }
    }

    /// <param name="Problem">Why it names none, if it does not.</param>
    private sealed record HostMetaAnswer(IReadOnlyList<string> Addresses, bool IsForEverybody, string Problem);
}

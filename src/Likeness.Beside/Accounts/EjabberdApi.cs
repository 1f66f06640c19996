using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Likeness.Xmpp;
using Likeness.Xmpp.Xml;

namespace Likeness.Beside.Accounts;

/// <summary>ejabberd's HTTP API, as far as portraits need it. <c>set_vcard2</c> is not among it: it changes the vCard behind the back of PEP.</summary>
internal sealed class EjabberdApi(Uri address) : IDisposable
{
    private const int MaxAnswerBytes = 16 * 1024 * 1024;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
    {
        BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + "/"),
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    /// <summary>Sends a stanza as if the person had. True says only that it was sent.</summary>
    public async Task<bool> SendStanza(string from, string to, Element stanza, CancellationToken cancellationToken)
    {
        var sent = await Call("send_stanza", new Dictionary<string, string> { ["from"] = from, ["to"] = to, ["stanza"] = ElementWriter.ToText(stanza) }, cancellationToken);
        return sent is { ValueKind: JsonValueKind.Number } code && code.GetInt32() == 0;
    }

    /// <summary>The names of all accounts of a domain; null when they cannot be had.</summary>
    public async Task<IReadOnlyList<string>?> RegisteredUsers(string domain, CancellationToken cancellationToken)
    {
        var users = await Call("registered_users", new Dictionary<string, string> { ["host"] = domain }, cancellationToken);
        return users is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(user => user.GetString()).OfType<string>()] : null;
    }

    /// <summary>Puts the component into the contact list of a person.</summary>
    public async Task<bool> AddRosterItem(Jid account, string component, CancellationToken cancellationToken)
    {
        var added = await Call(
            "add_rosteritem",
            new Dictionary<string, string>
            {
                ["localuser"] = account.Local ?? "",
                ["localserver"] = account.Domain,
                ["user"] = "",
                ["server"] = component,
                ["nick"] = "Portraits",
                ["group"] = "",
                ["subs"] = "both",
            },
            cancellationToken);
        return added is { ValueKind: JsonValueKind.Number } code && code.GetInt32() == 0;
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement?> Call(string command, Dictionary<string, string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            // In one piece: ejabberd does not read bodies that come in chunks.
            using var body = new StringContent(JsonSerializer.Serialize(arguments), Encoding.UTF8, "application/json");
            using var answer = await _http.PostAsync(new Uri(command, UriKind.Relative), body, cancellationToken);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken) : null;
        }
        catch (Exception failed) when (failed is HttpRequestException or JsonException || (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}

using System.Net;
using System.Text.RegularExpressions;

namespace Likeness.Interop.Tests.Beside;

/// <summary>A browser without a window: it has the one cookie of the pages, and fills in the form of the page it was on last.</summary>
internal sealed class PageVisitor(IPEndPoint server) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri($"http://{server}") };
    private string _token = "";

    public async Task<string> Get(string path)
    {
        using var answer = await _http.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        return await Keep(answer);
    }

    /// <summary>Where it leads; null with what the page says: nowhere.</summary>
    public async Task<(string? Location, string Html)> Send(string path, params (string Name, string Value)[] fields)
    {
        var form = fields.Append((Name: "__RequestVerificationToken", Value: _token)).Select(field => KeyValuePair.Create(field.Name, field.Value));
        using var content = new FormUrlEncodedContent(form);
        using var answer = await _http.PostAsync(path, content);
        return (answer.Headers.Location?.OriginalString, await Keep(answer));
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> Keep(HttpResponseMessage answer)
    {
        if (answer.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            _http.DefaultRequestHeaders.Remove("Cookie");
            _http.DefaultRequestHeaders.Add("Cookie", cookies.Single().Split(';')[0]);
        }

        var html = await answer.Content.ReadAsStringAsync();
        _token = Regex.Match(html, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"") is { Success: true } found ? found.Groups[1].Value : _token;
        return html;
    }
}

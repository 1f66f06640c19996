using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Likeness.Cli.Tests.Serving;

namespace Likeness.Web.Tests.Hosting;

/// <summary>A browser without script: it keeps cookies, sends forms as they are on the page and follows no redirect by itself.</summary>
internal sealed class WebBrowser(RunningServer server) : IDisposable
{
    public const string Cookie = "__Host-likeness";
    private const string Field = "__RequestVerificationToken";
    private readonly HttpClient _web = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    /// <summary>What the cookie says; null: there is none.</summary>
    public string? Token { get; set; }

    public string Language { get; set; } = "en";

    /// <summary>More headers of each request.</summary>
    public Dictionary<string, string> Headers { get; } = new() { ["Sec-Fetch-Site"] = "same-origin" };

    public string Root => $"http://{server.Host.Addresses.Http[0]}";

    public async Task<Answer> Get(string path) => await Send(new HttpRequestMessage(HttpMethod.Get, Root + path));

    /// <summary>Sends the form of the page that has this field or goes to this path, with these values in place of its own.</summary>
    public async Task<Answer> Submit(Answer page, string action, params (string Name, string Value)[] values)
    {
        var form = page.Html.Forms.Single(form => form.Method != "get" && PathOf(form.GetAttribute("action"), page.Path) == action);
        var fields = form.QuerySelectorAll("input").OfType<IHtmlInputElement>()
            .Where(input => input.Type is not ("radio" or "checkbox" or "file") || input.IsChecked)
            .Where(input => input.Name is { Length: > 0 })
            .ToDictionary(input => input.Name!, input => input.Value, StringComparer.Ordinal);
        foreach (var (name, value) in values)
        {
            fields[name] = value;
        }

        return await Post(action, fields);
    }

    public Task<Answer> Post(string path, IEnumerable<KeyValuePair<string, string>> fields) =>
        Send(new HttpRequestMessage(HttpMethod.Post, Root + path) { Content = new FormUrlEncodedContent(fields) });

    /// <summary>A form with a file.</summary>
    public Task<Answer> Upload(Answer page, string path, byte[] file, params (string Name, string Value)[] values) => UploadAs("picture", page, path, file, values);

    /// <inheritdoc cref="Upload"/>
    /// <param name="field">Of the file.</param>
    public async Task<Answer> UploadAs(string field, Answer page, string path, byte[] file, params (string Name, string Value)[] values)
    {
        using var form = new MultipartFormDataContent();
        form.Add(new StringContent(FormToken(page)), Field);
        form.Add(new ByteArrayContent(file), field, "me.png");
        foreach (var (name, value) in values)
        {
            form.Add(new StringContent(value), name);
        }

        return await Send(new HttpRequestMessage(HttpMethod.Post, Root + path) { Content = form });
    }

    public static string FormToken(Answer page) => ((IHtmlInputElement)page.Html.QuerySelector($"input[name={Field}]")!).Value;

    /// <summary>Signs in, and stands on the page that comes after.</summary>
    public async Task<Answer> SignIn(string name, string password)
    {
        var done = await Submit(await Get("/sign-in"), "/sign-in", ("name", name), ("password", password));
        done.Status.ShouldBe(HttpStatusCode.SeeOther, done.Text);
        return await Follow(done);
    }

    public Task<Answer> Follow(Answer answer) => Get(answer.Location!);

    public void Dispose() => _web.Dispose();

    public async Task<Answer> Send(HttpRequestMessage request)
    {
        if (Token is not null)
        {
            request.Headers.TryAddWithoutValidation("Cookie", $"{Cookie}={Token}");
        }

        request.Headers.TryAddWithoutValidation("Accept-Language", Language);
        request.Headers.TryAddWithoutValidation("User-Agent", "Tests/1.0");
        foreach (var (name, value) in Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _web.SendAsync(request);
        var set = response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.ToArray() : [];
        foreach (var cookie in set.Where(cookie => cookie.StartsWith(Cookie + "=", StringComparison.Ordinal)))
        {
            Token = cookie.Split(';')[0][(Cookie.Length + 1)..] is { Length: > 0 } token ? token : null;
        }

        var bytes = await response.Content.ReadAsByteArrayAsync();
        return new Answer(request.RequestUri!.AbsolutePath, response.StatusCode, response.Headers.Location?.OriginalString, response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase), set, bytes);
    }

    private static string PathOf(string? action, string page) => string.IsNullOrEmpty(action) ? page : action;
}

internal sealed record Answer(string Path, HttpStatusCode Status, string? Location, IReadOnlyDictionary<string, string> Headers, IReadOnlyList<string> Cookies, byte[] Bytes)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);

    public IHtmlDocument Html => field ??= new HtmlParser().ParseDocument(Text);

    public string? Says(string selector) => Html.QuerySelector(selector)?.TextContent.Trim();
}

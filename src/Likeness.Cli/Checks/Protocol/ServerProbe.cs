using System.Net.Security;
using Likeness.Cli.Federation;
using Likeness.Libravatar;

namespace Likeness.Cli.Checks.Protocol;

/// <summary>Asks one avatar server questions, follows redirects the way clients do, and remembers what came.</summary>
internal sealed class ServerProbe : IDisposable
{
    public const int MaxRedirects = 5;
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private const int LargestBody = 5 * 1024 * 1024;
    private const int MaxSilences = 3;

    private readonly Reach _reach;
    private readonly TimeProvider _time;
    private readonly string _ownHost;
    private readonly HttpMessageInvoker _client;
    private readonly Dictionary<(HttpMethod, Uri), Exchange> _known = [];
    private int _silences;
    private AddressHash? _shown;

    /// <param name="mayGoToServer">The server itself may be anywhere, because a person named it.</param>
    public ServerProbe(AvatarBase server, Address? person, Reach reach, TimeProvider time, bool mayGoToServer = false)
    {
        (Server, Person, _reach, _time) = (server, person, reach, time);
        _ownHost = mayGoToServer ? new Uri(server.Text).IdnHost : "";
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = (context, cancellationToken) => _reach.Connect(context.DnsEndPoint, cancellationToken, _ownHost),
            ConnectTimeout = Timeout,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = 64,
#pragma warning disable CA5359 // Certificates have checks of their own; the other checks shall go on behind a bad one. Nothing secret is sent.
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
        });
    }

    public AvatarBase Server { get; }

    /// <summary>Whose picture is looked for; null: only the server is checked.</summary>
    public Address? Person { get; }

    public string Subject => Server.Text;

    /// <summary>A hash that nobody has.</summary>
    public AddressHash Stranger { get; } = AddressHash.Sha256("nobody@likeness-check.invalid");

    /// <summary>What is asked for where any picture will do: a stranger's face, or the person where strangers have none.</summary>
    public string Sample(string extension = "", string more = "") => $"{_shown ?? Stranger}{extension}?d=identicon{more}";

    /// <summary>Sees by a few questions what kind of server it is.</summary>
    public async Task<ServerManner> Meet(CancellationToken cancellationToken)
    {
        var first = await Get(Stranger.Text, cancellationToken);
        if (first is { Failure: { } failure, Redirects.Count: 0 })
        {
            return new ServerManner(ServerManner.Kind.IsNone, Finding.Wrong("http-failed", Subject, $"It does not answer: {failure}", "Let the avatar server, and no other program, listen there."));
        }

        var face = await Get($"{Stranger}?d=identicon", cancellationToken);
        if (first.IsPicture || face.IsPicture)
        {
            return new ServerManner(ServerManner.Kind.ShowsEverybody, null);
        }

        foreach (var hash in Person is null ? [] : new[] { Person.Sha256, Person.Md5 })
        {
            _shown ??= (await Get($"{hash}?d=identicon", cancellationToken)).IsPicture ? hash : null;
        }

        if (_shown is not null)
        {
            return new ServerManner(ServerManner.Kind.ShowsPeopleOnly, Finding.Warning("strangers-none", Subject, $"Somebody unknown gets {face.Shown}, whatever d asks for; pages show a broken picture.", "Answer with the default that d names."));
        }

        // Whether a plain 404 is the avatar server's or anybody's cannot be told; a page for people is a web server's.
        return first.Status == 404 && face.Status == 404 && !face.IsHtml
            ? new ServerManner(ServerManner.Kind.ShowsNobody, Finding.Warning("strangers-none", Subject, "Somebody unknown gets 404, whatever d asks for: pages show a broken picture, or it is no avatar server.", "Answer with the default that d names. To check the rest: likeness check PERSON, with somebody who has a picture there."))
            : new ServerManner(ServerManner.Kind.IsNone, Finding.Wrong("no-avatars", Subject, $"It answers, but not with avatars: {first.Target} gives {first.Shown}.", "Let the avatar server listen there, or let the web server pass /avatar/ on to it."));
    }

    /// <summary>Everything that was asked until now.</summary>
    public IReadOnlyCollection<Exchange> Everything => _known.Values;

    /// <summary>The answer to <c>{server}/avatar/{rest}</c>; asked once.</summary>
    public Task<Exchange> Get(string rest, CancellationToken cancellationToken) => Ask(HttpMethod.Get, rest, cancellationToken);

    public async Task<Exchange> Ask(HttpMethod method, string rest, CancellationToken cancellationToken, string? ifNoneMatch = null)
    {
        var url = new Uri($"{Server.Text}/avatar/{rest}");
        if (ifNoneMatch is null && _known.TryGetValue((method, url), out var known))
        {
            return known;
        }

        var exchange = await Follow(method, url, ifNoneMatch, cancellationToken);
        if (ifNoneMatch is null)
        {
            _known[(method, url)] = exchange;
        }

        return exchange;
    }

    public void Dispose() => _client.Dispose();

    private async Task<Exchange> Follow(HttpMethod method, Uri asked, string? ifNoneMatch, CancellationToken cancellationToken)
    {
        using var overtime = new CancellationTokenSource(Timeout, _time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, overtime.Token);
        var redirects = new List<Redirect>();
        var start = _time.GetTimestamp();
        if (_silences >= MaxSilences)
        {
            return Failed("it has been silent too often and was not asked any more");
        }

        try
        {
            for (var url = asked; ;)
            {
                using var request = new HttpRequestMessage(method, url);
                request.Headers.UserAgent.ParseAdd("Likeness-check");
                request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
                using var response = await _client.SendAsync(request, ends.Token);
                var location = response.Headers.NonValidated.TryGetValues("Location", out var said) ? said.ToString() : null;
                if (location is null || (int)response.StatusCode is not (301 or 302 or 303 or 307 or 308))
                {
                    var body = await BodyOf(response, ends.Token);
                    return new Exchange(method, asked, (int)response.StatusCode, HeadersOf(response), body) { Redirects = redirects, Elapsed = _time.GetElapsedTime(start) };
                }

                redirects.Add(new Redirect(url, (int)response.StatusCode, location));
                if (redirects.Count > MaxRedirects)
                {
                    return Failed("there are too many redirects");
                }

                if (!Uri.TryCreate(url, location, out var next) || next.Scheme is not ("http" or "https"))
                {
                    return Failed($"it redirects to {location}");
                }

                url = next;
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or FormatException)
        {
            return Failed((exception.InnerException ?? exception).Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _silences++;
            return Failed("there is no answer in time");
        }

        Exchange Failed(string why) =>
            new(method, asked, 0, new Dictionary<string, string>(StringComparer.Ordinal), default) { Redirects = redirects, Elapsed = _time.GetElapsedTime(start), Failure = why };
    }

    private static Dictionary<string, string> HeadersOf(HttpResponseMessage response) =>
        response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal);

    private static async Task<ReadOnlyMemory<byte>> BodyOf(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var part = new byte[16 * 1024];
        while (await stream.ReadAsync(part, cancellationToken) is > 0 and var length)
        {
            body.Write(part, 0, length);
            if (body.Length > LargestBody)
            {
                throw new IOException("the answer is larger than 5 MiB");
            }
        }

        return body.ToArray();
    }
}

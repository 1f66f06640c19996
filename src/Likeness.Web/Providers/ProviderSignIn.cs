using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Likeness.Libravatar;
using Likeness.Limits;
using Likeness.Stores;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Likeness.Web.Providers;

/// <summary>A site that vouches for people (OpenID Connect Core 1.0): the code flow with PKCE (RFC 7636), a state and a nonce that are good once and for one browser.</summary>
internal sealed partial class ProviderSignIn(ProviderOptions options, string root, IWebStepStore steps, TimeProvider time, ILogger<ProviderSignIn> log) : IDisposable
{
    /// <summary>How long the other site may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(15);

    /// <summary>Ways to other sites that one client is sent.</summary>
    public static readonly RateLimit BegunPerClient = new(60, TimeSpan.FromMinutes(15));

    /// <summary>Bytes of what the other site answers.</summary>
    public const int MaxAnswer = 256 * 1024;

    private const int MaxClients = 10_000;
    private const int RandomBytes = 32;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(2);
    private static readonly JsonWebTokenHandler Tokens = new() { MapInboundClaims = false };
    private readonly KeyedRateLimiter<ClientKey> _clients = new(BegunPerClient, MaxClients, time);
    private readonly HttpClient _web = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = AnswerTimeout, MaxResponseContentBufferSize = MaxAnswer };
    private ConfigurationManager<OpenIdConnectConfiguration>? _configuration;

    public string Name => options.Name;

    private string Back => $"{root}/sign-in/with/{options.Name}/back";

    private string Kind => $"provider {options.Name}";

    private string Issuer => options.Issuer.AbsoluteUri.TrimEnd('/');

    private ConfigurationManager<OpenIdConnectConfiguration> Configuration => _configuration ??= new(
        $"{Issuer}/.well-known/openid-configuration",
        new OpenIdConnectConfigurationRetriever(),
        new HttpDocumentRetriever(_web) { RequireHttps = options.Issuer.Scheme == Uri.UriSchemeHttps });

    /// <summary>Where the browser goes to; null: not now.</summary>
    /// <param name="back">A path of ours to go on to afterwards.</param>
    /// <param name="links">The account that it is to be tied to; null: somebody signs in.</param>
    /// <param name="invited">Hash of the text of an invitation; null: without one.</param>
    public async Task<string?> Begin(Visitor visitor, string? back, Identity? links, byte[]? invited, CancellationToken cancellationToken)
    {
        if (_clients.Take(visitor.Client) > TimeSpan.Zero || await Known(cancellationToken) is not { } provider)
        {
            return null;
        }

        var step = new ProviderStep(Random(), Random(), Random(), back, links?.Value, invited);
        if (!await steps.Put(new WebStep(visitor.Browser, Kind, JsonSerializer.Serialize(step), time.GetUtcNow() + Timeout), CancellationToken.None))
        {
            return null;
        }

        return QueryHelpers.AddQueryString(provider.AuthorizationEndpoint, new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = options.ClientId,
            ["redirect_uri"] = Back,
            ["scope"] = "openid profile email",
            ["state"] = step.State,
            ["nonce"] = step.Nonce,
            ["code_challenge"] = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(step.Verifier))),
            ["code_challenge_method"] = "S256",
        });
    }

    /// <summary>Whom the other site vouches for. Null: for nobody, or nobody asked here.</summary>
    public async Task<(ProviderStep Step, ProvenPerson Person)?> Finish(Visitor visitor, string? code, string? state, CancellationToken cancellationToken)
    {
        if (await steps.Take(visitor.Browser, Kind, time.GetUtcNow(), CancellationToken.None) is not { } kept
            || JsonSerializer.Deserialize<ProviderStep>(kept) is not { } step
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state ?? ""), Encoding.UTF8.GetBytes(step.State))
            || string.IsNullOrEmpty(code)
            || await Known(cancellationToken) is not { } provider)
        {
            return null;
        }

        try
        {
            var (token, access) = await TokensFor(provider, code, step.Verifier, cancellationToken);
            return await PersonOf(provider, token, access, step.Nonce, cancellationToken) is { } person ? (step, person) : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Log.Refused(log, options.Name, exception.Message);
            return null;
        }
    }

    public void Dispose() => _web.Dispose();

    private async Task<OpenIdConnectConfiguration?> Known(CancellationToken cancellationToken)
    {
        try
        {
            var provider = await Configuration.GetConfigurationAsync(cancellationToken);
            if (provider.Issuer?.TrimEnd('/') == Issuer && Uri.TryCreate(provider.TokenEndpoint, UriKind.Absolute, out _) && Uri.TryCreate(provider.AuthorizationEndpoint, UriKind.Absolute, out _))
            {
                return provider;
            }

            // OpenID Connect Discovery §4.3: else one site could vouch for the people of another.
            Log.Refused(log, options.Name, "it calls itself another than it is asked as, or does not say where its doors are");
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or HttpRequestException)
        {
            Log.Refused(log, options.Name, exception.Message);
            return null;
        }
    }

    private async Task<(string Id, string? Access)> TokensFor(OpenIdConnectConfiguration provider, string code, string verifier, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = Back,
            ["client_id"] = options.ClientId,
            ["code_verifier"] = verifier,
        };
        if (options.Secret is { } secret)
        {
            form["client_secret"] = secret;
        }

        using var content = new FormUrlEncodedContent(form);
        using var answer = await _web.PostAsync(new Uri(provider.TokenEndpoint), content, cancellationToken);
        answer.EnsureSuccessStatusCode();
        using var said = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        return (Text(said.RootElement, "id_token") ?? throw new JsonException("there is no id_token"), Text(said.RootElement, "access_token"));
    }

    // OpenID Connect Core §3.1.3.7
    private async Task<ProvenPerson?> PersonOf(OpenIdConnectConfiguration provider, string token, string? access, string nonce, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var checkedToken = await Tokens.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = provider.Issuer,
            ValidAudience = options.ClientId,
            IssuerSigningKeys = provider.SigningKeys,
            RequireSignedTokens = true,
            ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"],
            LifetimeValidator = (from, until, _, _) => (from is null || from <= now + MaxSkew) && until is { } end && end > now - MaxSkew,
        });
        if (!checkedToken.IsValid)
        {
            Log.Refused(log, options.Name, checkedToken.Exception?.GetType().Name ?? "invalid");

            // Its keys may be others since.
            Configuration.RequestRefresh();
            return null;
        }

        var claims = (JsonWebToken)checkedToken.SecurityToken;
        string? Of(string claim) => claims.TryGetPayloadValue<string>(claim, out var value) && value.Length > 0 ? value : null;
        if (Of("sub") is not { Length: <= ProvenPerson.MaxSubject } subject
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Of("nonce") ?? ""), Encoding.UTF8.GetBytes(nonce))
            || (Of("azp") is { } party && party != options.ClientId))
        {
            Log.Refused(log, options.Name, "sub, nonce or azp");
            return null;
        }

        var isVerified = claims.TryGetPayloadValue<bool>("email_verified", out var verified) && verified;
        var (mail, picture) = (isVerified ? Of("email") : null, PictureAt(Of("picture")));
        if ((mail is null || picture is null) && await More(provider, access, subject, cancellationToken) is { } more)
        {
            using (more)
            {
                mail ??= more.RootElement.TryGetProperty("email_verified", out var also) && also.ValueKind == JsonValueKind.True ? Text(more.RootElement, "email") : null;
                picture ??= PictureAt(Text(more.RootElement, "picture"));
            }
        }

        var name = Of("preferred_username") ?? Of("email") ?? Of("name") ?? subject;
        return new ProvenPerson(
            provider.Issuer,
            subject,
            name.Length > ProvenPerson.MaxName ? name[..ProvenPerson.MaxName] : name,
            Address.TryParse(mail ?? "", out var address) && address.Kind == AddressKind.Email ? address : null,
            picture);
    }

    // What is not in the token (OpenID Connect Core §5.3); that nothing comes of it keeps nobody out.
    private async Task<JsonDocument?> More(OpenIdConnectConfiguration provider, string? access, string subject, CancellationToken cancellationToken)
    {
        if (access is null || !Uri.TryCreate(provider.UserInfoEndpoint, UriKind.Absolute, out var there) || !IsSafe(there))
        {
            return null;
        }

        JsonDocument? said = null;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, there);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
            using var answer = await _web.SendAsync(request, cancellationToken);
            answer.EnsureSuccessStatusCode();
            said = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));

            // It must be about the same person.
            if (Text(said.RootElement, "sub") == subject)
            {
                return said;
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or FormatException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Log.SaidNoMore(log, options.Name, exception.Message);
        }

        said?.Dispose();
        return null;
    }

    private static string? Text(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    // OpenID Connect Core §5.1 wants a URL that leads to a file. What sites say in its place (data:, a name of their own) is initials they drew, or will be a URL soon.
    private static string? PictureAt(string? text) =>
        text is { Length: <= ProvenPerson.MaxPicture } && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.UserInfo.Length == 0 && IsSafe(url) ? text : null;

    // What goes in the clear is anybody's on the way; on this machine nobody is on the way.
    private static bool IsSafe(Uri url) => url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback);

    private static string Random() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(RandomBytes));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The provider {Provider} vouched for nobody: {Why}")]
        public static partial void Refused(ILogger logger, string provider, string why);

        [LoggerMessage(2, LogLevel.Warning, "The provider {Provider} says nothing more of who it vouches for: {Why}")]
        public static partial void SaidNoMore(ILogger logger, string provider, string why);
    }
}

/// <summary>What a browser has begun at another site.</summary>
/// <param name="Links">The account that it is to be tied to.</param>
/// <param name="Invited">Hash of the text of an invitation.</param>
internal sealed record ProviderStep(string State, string Nonce, string Verifier, string? Back, string? Links, byte[]? Invited);

/// <summary>Whom another site vouches for.</summary>
/// <param name="Mail">That the site has verified; null: none.</param>
/// <param name="Picture">Where the person's picture is, as the site says; null: it says of none.</param>
internal sealed record ProvenPerson(string Issuer, string Subject, string Name, Address? Mail, string? Picture)
{
    public const int MaxPicture = 1024;
    public const int MaxSubject = 255;
    public const int MaxName = 200;
}

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
    public async Task<string?> Begin(Visitor visitor, string? back, Identity? links, CancellationToken cancellationToken)
    {
        if (_clients.Take(visitor.Client) > TimeSpan.Zero || await Known(cancellationToken) is not { } provider)
        {
            return null;
        }

        var step = new ProviderStep(Random(), Random(), Random(), back, links?.Value);
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
            return await PersonOf(provider, await TokenFor(provider, code, step.Verifier, cancellationToken), step.Nonce) is { } person ? (step, person) : null;
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

    private async Task<string> TokenFor(OpenIdConnectConfiguration provider, string code, string verifier, CancellationToken cancellationToken)
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
        return said.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("id_token", out var token) && token is { ValueKind: JsonValueKind.String }
            ? token.GetString()!
            : throw new JsonException("there is no id_token");
    }

    // OpenID Connect Core §3.1.3.7
    private async Task<ProvenPerson?> PersonOf(OpenIdConnectConfiguration provider, string token, string nonce)
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

        var mail = claims.TryGetPayloadValue<bool>("email_verified", out var isVerified) && isVerified && Address.TryParse(Of("email") ?? "", out var address) && address.Kind == AddressKind.Email
            ? address
            : (Address?)null;
        var name = Of("preferred_username") ?? Of("email") ?? Of("name") ?? subject;
        return new ProvenPerson(provider.Issuer, subject, name.Length > ProvenPerson.MaxName ? name[..ProvenPerson.MaxName] : name, mail);
    }

    private static string Random() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(RandomBytes));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The provider {Provider} vouched for nobody: {Why}")]
        public static partial void Refused(ILogger logger, string provider, string why);
    }
}

/// <summary>What a browser has begun at another site.</summary>
/// <param name="Links">The account that it is to be tied to.</param>
internal sealed record ProviderStep(string State, string Nonce, string Verifier, string? Back, string? Links);

/// <summary>Whom another site vouches for.</summary>
/// <param name="Mail">That the site has verified; null: none.</param>
internal sealed record ProvenPerson(string Issuer, string Subject, string Name, Address? Mail)
{
    public const int MaxSubject = 255;
    public const int MaxName = 200;
}

using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Likeness.Web.Tests.Hosting;

/// <summary>Another site that vouches for whoever comes (OpenID Connect Core 1.0, code flow with PKCE), as truthfully as a test wants.</summary>
internal sealed class IdProvider : IAsyncDisposable
{
    public const string Client = "likeness";
    public const string Secret = "between us two";
    private const string Access = "look at this person";
    private readonly RSA _key = RSA.Create(2048);
    private readonly Dictionary<string, (string Nonce, string Challenge, string Redirect)> _codes = [];
    private readonly WebApplication _application;
    private readonly TimeProvider _time;

    private IdProvider(WebApplication application, TimeProvider time) => (_application, _time) = (application, time);

    public Uri Issuer { get; private set; } = null!;

    public string Subject { get; set; } = "4711";

    /// <summary>More claims of the next tokens, and others in place of what it would say.</summary>
    public Dictionary<string, object> Claims { get; } = [];

    public string? Audience { get; set; }

    public string? OtherIssuer { get; set; }

    /// <summary>As its configuration says; null: as it is called.</summary>
    public string? CallsItself { get; set; }

    /// <summary>Of its configuration: what it does not say.</summary>
    public string? Lacks { get; set; }

    /// <summary>What it answers for a code in place of tokens; null: tokens.</summary>
    public string? Nonsense { get; set; }

    /// <summary>The status of its answers: of those for a code, and of what it says of a person beside.</summary>
    public (int Tokens, int Info) Status { get; set; } = (200, 200);

    /// <summary>Its tokens say from when on they are good.</summary>
    public bool SaysSince { get; set; } = true;

    /// <summary>Where it says more of a person; null: at its own place, if it does.</summary>
    public string? InfoAt { get; set; }

    public TimeSpan Age { get; set; }

    /// <summary>Signs with a key that it does not show.</summary>
    public bool SignsWithAnother { get; set; }

    /// <summary>Says so, and does not sign at all.</summary>
    public bool IsUnsigned { get; set; }

    /// <summary>What it says of the person beside the token, to who shows the token for that; null: it has no such place.</summary>
    public Dictionary<string, object>? Info { get; set; }

    /// <summary>The picture of the person there; null: none.</summary>
    public byte[]? Picture { get; set; }

    /// <summary>Where that is.</summary>
    public string PictureUrl => $"{Name}/picture.png";

    /// <summary>How often the picture was asked for.</summary>
    public int PictureAsked { get; private set; }

    /// <summary>What came to the token endpoint.</summary>
    public int Asked { get; private set; }

    public static async Task<IdProvider> Start(TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var application = builder.Build();
        var provider = new IdProvider(application, time);
        application.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = provider.CallsItself ?? provider.Name,
            authorization_endpoint = provider.Lacks == "authorization_endpoint" ? null : $"{provider.Name}/authorize",
            token_endpoint = provider.Lacks == "token_endpoint" ? null : $"{provider.Name}/token",
            userinfo_endpoint = provider.InfoAt ?? (provider.Info is null ? null : $"{provider.Name}/info"),
            jwks_uri = $"{provider.Name}/keys",
            response_types_supported = new[] { "code" },
            subject_types_supported = new[] { "public" },
            id_token_signing_alg_values_supported = new[] { "RS256" },
        }));
        application.MapGet("/keys", () =>
        {
            var key = provider._key.ExportParameters(includePrivateParameters: false);
            return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = "one", n = WebEncoders.Base64UrlEncode(key.Modulus!), e = WebEncoders.Base64UrlEncode(key.Exponent!) } } });
        });
        application.MapPost("/token", provider.Token);
        application.MapGet("/info", (HttpRequest request) => request.Headers.Authorization == $"Bearer {Access}" ? Results.Json(provider.Info, statusCode: provider.Status.Info) : Results.Unauthorized());
        application.MapGet("/picture.png", () =>
        {
            provider.PictureAsked++;
            return provider.Picture is { } picture ? Results.Bytes(picture, "image/png") : Results.NotFound();
        });
        await application.StartAsync();
        provider.Issuer = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return provider;
    }

    private string Name => Issuer.AbsoluteUri.TrimEnd('/');

    /// <summary>The person agrees there; where the browser is sent back to.</summary>
    public string Agree(string place)
    {
        place.ShouldStartWith($"{Name}/authorize?");
        var asked = QueryHelpers.ParseQuery(new Uri(place).Query);
        (asked["response_type"].ToString(), asked["client_id"].ToString(), asked["code_challenge_method"].ToString()).ShouldBe(("code", Client, "S256"));
        asked["scope"].ToString().Split(' ').ShouldContain("openid");
        var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
        _codes[code] = (asked["nonce"].ToString(), asked["code_challenge"].ToString(), asked["redirect_uri"].ToString());
        return $"{new Uri(asked["redirect_uri"].ToString()).AbsolutePath}?code={code}&state={Uri.EscapeDataString(asked["state"].ToString())}";
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _key.Dispose();
    }

    private async Task<IResult> Token(HttpRequest request)
    {
        Asked++;
        var form = await request.ReadFormAsync();
        var isGood = _codes.Remove(form["code"].ToString(), out var code)
            && form["client_id"] == Client && form["client_secret"] == Secret && form["redirect_uri"] == code.Redirect
            && WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) == code.Challenge;
        return Nonsense is not null ? Results.Text(Nonsense, "application/json") : isGood ? Results.Json(new { access_token = Access, token_type = "Bearer", id_token = Signed(code.Nonce) }, statusCode: Status.Tokens) : Results.BadRequest(new { error = "invalid_grant" });
    }

    private string Signed(string nonce)
    {
        var now = _time.GetUtcNow().UtcDateTime - Age;
        var claims = new Dictionary<string, object> { ["sub"] = Subject, ["nonce"] = nonce, ["preferred_username"] = "jules" };
        foreach (var (name, value) in Claims)
        {
            claims[name] = value;
        }

        using var other = RSA.Create(2048);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = OtherIssuer ?? Name,
            Audience = Audience ?? Client,
            IssuedAt = now,
            NotBefore = SaysSince ? now : null,
            Expires = now.AddMinutes(5),
            Claims = claims,
            SigningCredentials = IsUnsigned ? null : new SigningCredentials(new RsaSecurityKey((SignsWithAnother ? other : _key).ExportParameters(includePrivateParameters: true)) { KeyId = "one" }, SecurityAlgorithms.RsaSha256),
        });
    }
}

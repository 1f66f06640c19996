using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Likeness.Web.Visits;

/// <summary>
/// Ties a form to the browser it was made for: its hidden field is derived from what the browser's cookie says, which no other site can read
/// or set. The cookie itself is the key, so that no server keeps keys for it and all of them understand each other's forms.
/// </summary>
internal sealed class FormTokens : IAntiforgery
{
    public const string Field = "__RequestVerificationToken";
    private const string Header = "RequestVerificationToken";
    private const int Bytes = 16;

    public AntiforgeryTokenSet GetAndStoreTokens(HttpContext httpContext) =>
        new(Masked(httpContext.Visitor().EnsureToken()), cookieToken: null, Field, Header);

    public AntiforgeryTokenSet GetTokens(HttpContext httpContext) => GetAndStoreTokens(httpContext);

    public void SetCookieTokenAndHeader(HttpContext httpContext) => httpContext.Visitor().EnsureToken();

    public async Task<bool> IsRequestValidAsync(HttpContext httpContext) =>
        httpContext.Visitor().Token is { } token && Matches(await Shown(httpContext.Request), token);

    public async Task ValidateRequestAsync(HttpContext httpContext)
    {
        if (!await IsRequestValidAsync(httpContext))
        {
            throw new AntiforgeryValidationException("The form was not made for this browser, or too long ago.");
        }
    }

    private static async Task<string?> Shown(HttpRequest request)
    {
        if (!request.HasFormContentType)
        {
            // A script has nothing to send but this.
            return request.Headers[Header];
        }

        try
        {
            return (await request.ReadFormAsync(request.HttpContext.RequestAborted))[Field];
        }
        catch (IOException brokenOff) when (brokenOff is not BadHttpRequestException)
        {
            throw new InvalidDataException("The form ends before its last part does.", brokenOff);
        }
    }

    // Another text each time: a compressed answer tells nothing of it by its length (BREACH).
    private static string Masked(string token)
    {
        var field = RandomNumberGenerator.GetBytes(2 * Bytes);
        Apply(field, token);
        return WebEncoders.Base64UrlEncode(field);
    }

    private static bool Matches(string? shown, string token)
    {
        try
        {
            var field = WebEncoders.Base64UrlDecode(shown ?? "");
            if (field.Length != 2 * Bytes)
            {
                return false;
            }

            var expected = (byte[])field.Clone();
            Apply(expected, token);
            return CryptographicOperations.FixedTimeEquals(expected, field);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static void Apply(byte[] field, string token)
    {
        var proof = HMACSHA256.HashData(Encoding.ASCII.GetBytes(token), "likeness form"u8);
        for (var i = 0; i < Bytes; i++)
        {
            field[Bytes + i] = (byte)(field[i] ^ proof[i]);
        }
    }
}

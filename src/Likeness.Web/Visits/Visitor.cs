using System.Globalization;
using System.Net;
using Likeness.Accounts;
using Likeness.Limits;
using Likeness.Stores;
using Microsoft.AspNetCore.Http;

namespace Likeness.Web.Visits;

/// <summary>
/// Who a request is from. One cookie says it: 128 random bits, which are a session once the password was shown with them. Before that they
/// tie forms to the browser that asked for them, and nobody stores them.
/// </summary>
internal sealed class Visitor
{
    // RFC 6265bis §4.1.3.2: a browser takes it by https alone, from this very host, and sends it to no other.
    public const string Cookie = "__Host-likeness";
    private readonly HttpContext _context;

    // What is told about the visitor may be told when the request is over, and its context another one's.
    private readonly IPAddress? _address;

    private Visitor(HttpContext context, string? token, WebSession? session) => (_context, _address, Token, Session) = (context, context.Connection.RemoteIpAddress, token, session);

    /// <summary>What the browser shows; null: nothing.</summary>
    public string? Token { get; private set; }

    /// <summary>Null: nobody is signed in.</summary>
    public WebSession? Session { get; private set; }

    /// <summary>What the visitor may do to others.</summary>
    public Rights Rights { get; private set; } = Rights.None;

    /// <summary>Whose picture it is about; only on pages for those who are signed in.</summary>
    public Identity Account => Session?.Account ?? throw new InvalidOperationException("Nobody is signed in.");

    /// <summary>Whether the person proved who it is within minutes.</summary>
    public bool IsFresh(TimeProvider time) => Session is { IsOwn: true } && IsRecent(time);

    /// <summary>Somebody signed in within <see cref="WebSessions.Fresh"/>, by whatever means.</summary>
    public bool IsRecent(TimeProvider time) => Session is { } session && time.GetUtcNow() - session.Created < WebSessions.Fresh;

    /// <summary>Whom guesses are counted to.</summary>
    public ClientKey Client => ClientKey.Of(_address);

    /// <summary>From where, coarse enough to name no single machine: IPv4 by /24, IPv6 by /48.</summary>
    public string Network => NetworkOf(_address);

    public static async ValueTask<Visitor> Of(HttpContext context, WebSessions sessions, RoleBook roles)
    {
        var token = context.Request.Cookies[Cookie];
        token = token is not null && WebSessionToken.IsOne(token) ? token : null;
        var session = token is null ? null : await sessions.Find(token, context.RequestAborted);
        var visitor = new Visitor(context, token, session) { Rights = session is null ? Rights.None : await roles.Of(session.Account, context.RequestAborted) };
        context.Features.Set(visitor);
        return visitor;
    }

    /// <summary>By which what this browser has begun is known: a hash of what it shows.</summary>
    public byte[] Browser => WebSessionToken.HashOf(EnsureToken());

    /// <summary>What forms of this browser are tied to; made when there is nothing yet.</summary>
    public string EnsureToken()
    {
        if (Token is null)
        {
            Give(WebSessionToken.Create(), lifetime: null);
        }

        return Token!;
    }

    /// <summary>The browser shows something new from now on: what anybody knew of it before is worth nothing.</summary>
    public void SignIn(WebSession session, string token)
    {
        Give(token, WebSessions.Lifetime);
        Session = session;
    }

    public void SignOut()
    {
        _context.Response.Cookies.Delete(Cookie, Options(null));
        (Token, Session) = (null, null);
    }

    internal static string NetworkOf(IPAddress? address)
    {
        if (address is null)
        {
            return "?";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        var kept = bytes.Length == 4 ? 3 : 6;
        Array.Clear(bytes, kept, bytes.Length - kept);
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/{kept * 8}");
    }

    private void Give(string token, TimeSpan? lifetime)
    {
        Token = token;
        _context.Response.Cookies.Append(Cookie, token, Options(lifetime));
    }

    private static CookieOptions Options(TimeSpan? lifetime) => new()
    {
        Path = "/",
        Secure = true,
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        IsEssential = true,
        MaxAge = lifetime,
    };
}

/// <summary>What a request carries through the pages.</summary>
internal static class Visits
{
    public static Visitor Visitor(this HttpContext context) => context.Features.Get<Visitor>() ?? throw new InvalidOperationException("The gate comes first.");
}

/// <summary>The page is for everybody. Whoever opens another one has to sign in.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OpenAttribute : Attribute;

/// <summary>The page is for those who have this right somewhere, after they showed their password within the hour; for others it is not there. Whose domain it is about, the page itself asks.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsAttribute(Right right) : Attribute
{
    public Right Right => right;
}

/// <summary>The page is about what cannot be taken back: who opens it, or sends something to it, has shown the password or a passkey within minutes, or does it now.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class FreshAttribute : Attribute;

/// <summary>The page takes a file.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TakesFileAttribute : Attribute;

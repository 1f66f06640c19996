using System.Diagnostics.CodeAnalysis;

namespace Likeness.Libravatar;

/// <summary>What stands before <c>/avatar/</c> in an avatar's URL: scheme, host, a port if it is not the scheme's own, perhaps a path.</summary>
public sealed record AvatarBase
{
    private AvatarBase(string text, bool isSecure)
    {
        Text = text;
        IsSecure = isSecure;
    }

    /// <summary>Libravatar's own servers by https.</summary>
    public static AvatarBase LibravatarSecure { get; } = new("https://seccdn.libravatar.org", true);

    /// <summary>Libravatar's own servers by http.</summary>
    public static AvatarBase LibravatarPlain { get; } = new("http://cdn.libravatar.org", false);

    /// <summary>Without a slash at its end.</summary>
    public string Text { get; }

    /// <summary>https.</summary>
    public bool IsSecure { get; }

    /// <summary>An absolute http or https URL without user, query and fragment; anything else: <see cref="ArgumentException"/>.</summary>
    public static AvatarBase Parse(string text) =>
        TryParse(text, out var parsed) ? parsed : throw new ArgumentException("A base is an http or https URL without user, query and fragment.", nameof(text));

    /// <summary>As <see cref="Parse"/>, without exceptions.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out AvatarBase? parsed)
    {
        parsed = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp)
            || url.UserInfo.Length > 0 || text.AsSpan().ContainsAny('?', '#'))
        {
            return false;
        }

        parsed = new AvatarBase(url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/'), url.Scheme == Uri.UriSchemeHttps);
        return true;
    }

    public override string ToString() => Text;

    /// <summary>The base of a server found by SRV; the scheme follows the service, not the port.</summary>
    internal static AvatarBase OfServer(string host, int port, bool isSecure)
    {
        var scheme = isSecure ? "https://" : "http://";
        return new AvatarBase(port == (isSecure ? 443 : 80) ? scheme + host : $"{scheme}{host}:{port}", isSecure);
    }
}

using System.Globalization;
using System.Net;

namespace Likeness.Libravatar;

/// <summary>Writes HTML for avatars.</summary>
public static class AvatarHtml
{
    /// <summary>An <c>img</c> element with encoded attributes that tells the avatar's server nothing of the page it stands on.</summary>
    /// <param name="size">Pixels of width and height; null: the picture's own.</param>
    /// <param name="alternative">What a screen reader says; empty, because beside a name the picture is decoration.</param>
    public static string Image(string url, int? size = null, string alternative = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(url);
        ArgumentNullException.ThrowIfNull(alternative);
        var dimensions = size is { } pixels ? string.Create(CultureInfo.InvariantCulture, $" width=\"{pixels}\" height=\"{pixels}\"") : "";
        return $"<img src=\"{WebUtility.HtmlEncode(url)}\" alt=\"{WebUtility.HtmlEncode(alternative)}\"{dimensions} referrerpolicy=\"no-referrer\" loading=\"lazy\">";
    }
}

using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Likeness.Libravatar;

namespace Likeness.AspNetCore;

/// <summary>
/// The card beside a picture: a larger picture, a name, links. It needs no script, so that a page may forbid them all: the style sheet opens it
/// while the pointer is over it or the focus in it, and touching it gives it the focus. It consists of what may stand inside a paragraph.
/// </summary>
internal static class AvatarCard
{
    /// <summary>CSS pixels of the picture on the card.</summary>
    public const int PictureSize = 96;

    public const string End = "</span>";

    /// <summary>Its name below the proxy's path.</summary>
    public const string StyleSheet = "card.css";

    public const string StyleType = "text/css; charset=utf-8";

    /// <summary>Closed is <c>display: none</c>: a lazy picture on it is not loaded, and no link of it is reached. The colours are the system's, so that they follow the page's <c>color-scheme</c> and a visitor's own.</summary>
    public static ReadOnlyMemory<byte> Styles { get; } = """
        .avatar-card { position: relative; display: inline-block; flex: none; align-self: start; line-height: 0; }
        .avatar-card-panel { display: none; }
        .avatar-card:hover > .avatar-card-panel, .avatar-card:focus-within > .avatar-card-panel {
          position: absolute; inset-block-start: 100%; inset-inline-start: 0; z-index: 10; display: block; box-sizing: border-box; inline-size: max-content; max-inline-size: min(20rem, 80vw); padding: 1rem;
          border: 1px solid GrayText; border-radius: .5rem; background: Canvas; color: CanvasText; font-size: 1rem; line-height: 1.5; text-align: start; overflow-wrap: anywhere; white-space: normal; box-shadow: 0 .25rem 1rem rgb(0 0 0 / 20%);
        }
        .avatar-card-picture { display: block; inline-size: 6rem; block-size: 6rem; object-fit: cover; border-radius: .5rem; }
        .avatar-card-name { display: block; margin-block-start: .5rem; font-weight: 600; }
        .avatar-card-links, .avatar-card-link { display: block; }
        .avatar-card-link a { display: inline-block; padding-block: .125rem; color: LinkText; text-decoration: underline; }

        """u8.ToArray();

    /// <summary>What the element around the picture has; its label is what a screen reader says of it.</summary>
    public static IEnumerable<(string Name, string Value)> Attributes(PublicProfile profile) =>
        [("class", "avatar-card"), ("tabindex", "0"), ("role", "group"), ("aria-label", profile.Name)];

    public static string Begin(PublicProfile profile) =>
        $"<span {string.Join(' ', Attributes(profile).Select(attribute => $"{attribute.Name}=\"{Encode(attribute.Value)}\""))}>";

    /// <summary>Everything in it is encoded: name and links are a stranger's.</summary>
    /// <param name="picture">The URL of the picture at <see cref="PictureSize"/>.</param>
    public static string Panel(PublicProfile profile, string picture)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<span class=\"avatar-card-panel\"><img class=\"avatar-card-picture\" src=\"{Encode(picture)}\" width=\"{PictureSize}\" height=\"{PictureSize}\" alt=\"\" loading=\"lazy\" decoding=\"async\" referrerpolicy=\"no-referrer\">");
        html.Append(CultureInfo.InvariantCulture, $"<bdi class=\"avatar-card-name\">{Encode(profile.Name)}</bdi>");
        if (profile.Links.Length > 0)
        {
            html.Append("<span class=\"avatar-card-links\" role=\"list\">");
            foreach (var link in profile.Links)
            {
                html.Append(CultureInfo.InvariantCulture, $"<span class=\"avatar-card-link\" role=\"listitem\"><a href=\"{Encode(link.Url.AbsoluteUri)}\" rel=\"nofollow noopener\" referrerpolicy=\"no-referrer\"><bdi>{Encode(link.Title)}</bdi></a></span>");
            }

            html.Append("</span>");
        }

        return html.Append("</span>").ToString();
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}

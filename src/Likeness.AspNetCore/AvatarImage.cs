using Likeness.AspNetCore.Links;
using Likeness.Libravatar;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Likeness.AspNetCore;

/// <summary>What an <c>img</c> of an avatar consists of, for Razor pages and components alike.</summary>
internal static class AvatarImage
{
    public const int UsualSize = 80;

    /// <summary>The attributes that belong to the avatar: a picture for every density, and no word to anybody of the page it stands on.</summary>
    public static IEnumerable<(string Name, string? Value)> Own(int size, Func<int, string> url)
    {
        (string Url, string Descriptor)[] sources = [.. SourceSet.Of(size).Select(candidate => (url(candidate.Pixels), candidate.Descriptor)).DistinctBy(source => source.Item1)];
        yield return ("src", sources[0].Url);
        yield return ("srcset", sources.Length == 1 ? null : string.Join(", ", sources.Select(source => $"{source.Url} {source.Descriptor}")));
        yield return ("referrerpolicy", "no-referrer");
    }

    /// <summary>Those that a page may say otherwise. Beside a name the picture is decoration: a screen reader need not mention it.</summary>
    public static IEnumerable<(string Name, object Value)> Usual(int size) => [("width", size), ("height", size), ("loading", "lazy"), ("decoding", "async"), ("alt", "")];

    public static int SizeOf(int asked) => asked > 0 ? asked : UsualSize;
}

/// <summary>Writes <c>&lt;img avatar-for="anne@example.org" size="48"&gt;</c>: a sharp picture for every screen that tells nobody of the page it stands on. Never waits; whatever the address is, there is a picture.</summary>
[HtmlTargetElement("img", Attributes = AddressAttribute, TagStructure = TagStructure.WithoutEndTag)]
public sealed class AvatarTag(AvatarLinks links) : TagHelper
{
    private const string AddressAttribute = "avatar-for";

    /// <summary>An e-mail address or an OpenID with its scheme; null, empty and anything else: the default picture.</summary>
    [HtmlAttributeName(AddressAttribute)]
    public string? Address { get; set; }

    /// <summary>Width and height in CSS pixels.</summary>
    [HtmlAttributeName("size")]
    public int Size { get; set; } = AvatarImage.UsualSize;

    /// <summary>Instead of <see cref="AvatarSiteOptions.Default"/>.</summary>
    [HtmlAttributeName("avatar-default")]
    public string? Default { get; set; }

    /// <summary>Instead of <see cref="AvatarSiteOptions.UseSha256"/>.</summary>
    [HtmlAttributeName("avatar-sha256")]
    public bool? UseSha256 { get; set; }

    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <summary>Whoever points at the picture, or gets to it by keyboard or touch, sees a card with the name and links that the person publishes, if there are any and they are known by now. The page has to have the card's style sheet (<c>card.css</c> below <see cref="AvatarEndpoints.MapAvatars"/>), and the picture must stand neither in a link nor in a button.</summary>
    [HtmlAttributeName("avatar-card")]
    public bool Card { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var size = AvatarImage.SizeOf(Size);
        output.Attributes.RemoveAll("srcset");
        foreach (var (name, value) in AvatarImage.Own(size, Url))
        {
            if (value is not null)
            {
                output.Attributes.SetAttribute(name, value);
            }
        }

        foreach (var (name, value) in AvatarImage.Usual(size).Where(attribute => !output.Attributes.ContainsName(attribute.Name)))
        {
            output.Attributes.SetAttribute(name, value);
        }

        if (Card && links.Profile(Address, UseSha256) is { } profile)
        {
            output.PreElement.AppendHtml(AvatarCard.Begin(profile));
            output.PostElement.AppendHtml(AvatarCard.Panel(profile, Url(AvatarCard.PictureSize)) + AvatarCard.End);
        }
    }

    private string Url(int pixels) =>
        links.Url(ViewContext.HttpContext, Address, new AvatarUrlOptions { Size = pixels, Default = Default }, UseSha256);
}

/// <summary>The same for Blazor pages that a server renders, statically or interactively: <c>&lt;Avatar For="anne@example.org" Size="48" /&gt;</c>. Other attributes go to the <c>img</c>. Not for WebAssembly: the keys of the URLs stay on the server.</summary>
public sealed class Avatar : ComponentBase
{
    /// <summary>An e-mail address or an OpenID with its scheme; null, empty and anything else: the default picture.</summary>
    [Parameter]
    public string? For { get; set; }

    /// <summary>Width and height in CSS pixels.</summary>
    [Parameter]
    public int Size { get; set; } = AvatarImage.UsualSize;

    /// <summary>Instead of <see cref="AvatarSiteOptions.Default"/>.</summary>
    [Parameter]
    public string? Default { get; set; }

    /// <summary>Instead of <see cref="AvatarSiteOptions.UseSha256"/>.</summary>
    [Parameter]
    public bool? UseSha256 { get; set; }

    /// <summary>As <see cref="AvatarTag.Card"/>.</summary>
    [Parameter]
    public bool Card { get; set; }

    /// <summary>Whatever else the page says of the <c>img</c>.</summary>
    [Parameter(CaptureUnmatchedValues = true)]
    public IReadOnlyDictionary<string, object>? Attributes { get; set; }

    [Inject]
    private AvatarLinks Links { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var profile = Card ? Links.Profile(For, UseSha256) : null;
        if (profile is null)
        {
            Picture(builder);
            return;
        }

        builder.OpenElement(0, "span");
        builder.AddMultipleAttributes(1, AvatarCard.Attributes(profile).Select(attribute => KeyValuePair.Create(attribute.Name, (object)attribute.Value)));
        Picture(builder);
        builder.AddMarkupContent(6, AvatarCard.Panel(profile, Url(AvatarCard.PictureSize)));
        builder.CloseElement();
    }

    private void Picture(RenderTreeBuilder builder)
    {
        var size = AvatarImage.SizeOf(Size);
        builder.OpenElement(2, "img");
        builder.AddMultipleAttributes(3, AvatarImage.Usual(size).Select(attribute => KeyValuePair.Create(attribute.Name, attribute.Value)));
        builder.AddMultipleAttributes(4, Attributes);
        builder.AddMultipleAttributes(5, AvatarImage.Own(size, Url).Select(attribute => KeyValuePair.Create(attribute.Name, (object)attribute.Value!)));
        builder.CloseElement();
    }

    private string Url(int pixels) =>
        Links.Url(For, new AvatarUrlOptions { Size = pixels, Default = Default }, UseSha256, new PathString(new Uri(Navigation.BaseUri).AbsolutePath.TrimEnd('/')));
}

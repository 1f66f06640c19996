using Likeness.AspNetCore.Links;
using Likeness.Libravatar;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Likeness.AspNetCore;

/// <summary>Writes <c>&lt;img avatar-for="anne@example.org" size="48"&gt;</c>: a sharp picture for every screen that tells nobody of the page it stands on (L-74). Never waits; whatever the address is, there is a picture.</summary>
[HtmlTargetElement("img", Attributes = AddressAttribute, TagStructure = TagStructure.WithoutEndTag)]
public sealed class AvatarTag(AvatarLinks links) : TagHelper
{
    private const string AddressAttribute = "avatar-for";
    private const int UsualSize = 80;

    /// <summary>An e-mail address or an OpenID with its scheme; null, empty and anything else: the default picture.</summary>
    [HtmlAttributeName(AddressAttribute)]
    public string? Address { get; set; }

    /// <summary>Width and height in CSS pixels.</summary>
    [HtmlAttributeName("size")]
    public int Size { get; set; } = UsualSize;

    /// <summary>Instead of <see cref="AvatarSiteOptions.Default"/>.</summary>
    [HtmlAttributeName("avatar-default")]
    public string? Default { get; set; }

    /// <summary>Instead of <see cref="AvatarSiteOptions.UseSha256"/>.</summary>
    [HtmlAttributeName("avatar-sha256")]
    public bool? UseSha256 { get; set; }

    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var size = Size > 0 ? Size : UsualSize;
        (string Url, string Descriptor)[] sources = [.. SourceSet.Of(size).Select(candidate => (Url(candidate), candidate.Descriptor)).DistinctBy(source => source.Item1)];
        output.Attributes.SetAttribute("src", sources[0].Url);
        output.Attributes.RemoveAll("srcset");
        if (sources.Length > 1)
        {
            output.Attributes.SetAttribute("srcset", string.Join(", ", sources.Select(source => $"{source.Url} {source.Descriptor}")));
        }

        output.Attributes.SetAttribute("referrerpolicy", "no-referrer");
        SetUnlessGiven(output, "width", size);
        SetUnlessGiven(output, "height", size);
        SetUnlessGiven(output, "loading", "lazy");
        SetUnlessGiven(output, "decoding", "async");

        // Beside a name the picture is decoration: a screen reader need not mention it.
        SetUnlessGiven(output, "alt", "");
    }

    private string Url(SourceSet.Candidate candidate) =>
        links.Url(ViewContext.HttpContext, Address, new AvatarUrlOptions { Size = candidate.Pixels, Default = Default }, UseSha256);

    private static void SetUnlessGiven(TagHelperOutput output, string name, object value)
    {
        if (!output.Attributes.ContainsName(name))
        {
            output.Attributes.SetAttribute(name, value);
        }
    }
}

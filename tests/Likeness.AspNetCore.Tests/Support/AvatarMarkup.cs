using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.AspNetCore.Tests.Support;

/// <summary>What a page says of an avatar.</summary>
/// <param name="Attributes">Those that the page itself gives to the element.</param>
internal sealed record AvatarMarkup(string? Address, int Size = 48, string? Default = null, bool? UseSha256 = null, params (string Name, string Value)[] Attributes)
{
    public bool Card { get; init; }

    /// <summary>As a page would.</summary>
    public string Render(HttpContext context)
    {
        var helper = new AvatarTag(context.RequestServices.GetRequiredService<AvatarLinks>())
        {
            Address = Address,
            Size = Size,
            Default = Default,
            UseSha256 = UseSha256,
            Card = Card,
            ViewContext = new ViewContext { HttpContext = context },
        };
        var given = new TagHelperAttributeList(Attributes.Select(attribute => new TagHelperAttribute(attribute.Name, attribute.Value)));
        var output = new TagHelperOutput("img", given, (_, _) => Task.FromResult<TagHelperContent>(new DefaultTagHelperContent())) { TagMode = TagMode.StartTagOnly };
        helper.Process(new TagHelperContext([], new Dictionary<object, object>(), "avatar"), output);
        using var writer = new StringWriter();
        output.WriteTo(writer, HtmlEncoder.Default);
        return writer.ToString();
    }
}

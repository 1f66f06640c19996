using System.Globalization;
using Likeness.Libravatar;
using Likeness.Web.Portraits;
using Microsoft.AspNetCore.Http;

namespace Likeness.Web.Pages;

/// <summary><c>/me/links</c>: what to copy into a page, a forge or the foot of a mail, and where apps send people to change their picture.</summary>
internal sealed class LinksModel(OwnPortrait own, AddressBook book, DomainPolicies policies, PageOptions options) : SitePage
{
    /// <summary>Pixels.</summary>
    public const int Size = 128;

    /// <summary>Pixels at the foot of a mail.</summary>
    public const int MailSize = 64;

    public IReadOnlyList<Address> Addresses { get; private set; } = [];

    /// <summary>Sites are shown the picture at this moment.</summary>
    public bool IsSeen { get; private set; }

    public IReadOnlyList<string> ReturnHosts => options.ReturnHosts;

    public string Name => Visitor.Account.Value.Split('@')[0];

    public string Change => $"{Root}/me/picture?return=https://{(ReturnHosts.Count > 0 ? ReturnHosts[0] : "app.example")}/";

    private string Root => options.Root ?? $"{Request.Scheme}://{Request.Host}{Request.PathBase}";

    public async Task OnGet()
    {
        Addresses = [.. (await book.Of(Visitor.Account, HttpContext.RequestAborted)).Select(Address.Parse)];
        IsSeen = (await own.Look(Visitor.Account, options.HasChats, HttpContext.RequestAborted)).OnTheWeb;
    }

    public string Html(Address address, int size, string alt) => $"<img src=\"{Picture(address.Sha256)}\" width=\"{size}\" height=\"{size}\" alt=\"{alt}\">";

    public string Markdown(Address address) => $"![{Name}]({Picture(address.Sha256)})";

    public string Picture(AddressHash hash) => string.Create(CultureInfo.InvariantCulture, $"{Root}/avatar/{hash}?s={Size}");

    /// <summary>Null: nobody asks for it by one, or the domain answers to none.</summary>
    public AddressHash? Md5Of(Address address) => address.Kind == AddressKind.Email && policies.For(address.Domain).Md5 ? address.Md5 : null;
}

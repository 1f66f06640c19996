using Likeness.Libravatar;
using Likeness.Web.Portraits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/addresses</c>: what the person's picture is found by.</summary>
internal sealed class AddressesModel(AddressBook book, OwnPortrait own) : SitePage
{
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    /// <summary>The last address, when it was to be removed and the person has to say that once more.</summary>
    public string? Asked { get; private set; }

    public async Task OnGet() => Addresses = await book.Of(Visitor.Account, HttpContext.RequestAborted);

    public async Task<IActionResult> OnPost([FromForm] string? remove, [FromForm] string? sure)
    {
        await OnGet();
        if (!Address.TryParse(remove, out var address) || !Addresses.Contains(address.Text))
        {
            return SeeOther("/me/addresses");
        }

        if (Addresses.Count == 1 && sure != "yes")
        {
            Asked = address.Text;
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["addresses.last", address.Text]);
        }

        await own.RemoveAddress(Visitor.Account, address);
        return SeeOther("/me/addresses");
    }
}

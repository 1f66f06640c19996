using Likeness.Libravatar;
using Likeness.Web.Profiles;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/profile</c>: what the person shows of themselves beside the picture, if anything.</summary>
internal sealed class OwnProfileModel(ProfileBook profiles, PortraitBook book, AddressBook addresses, ProfileEndpoint endpoint) : SitePage
{
    // Without script there are always some to fill in.
    private const int EmptyRows = 2;

    public bool IsShown { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>What stands in the fields: links, and some empty ones.</summary>
    public IReadOnlyList<(string Url, string Title)> Rows { get; private set; } = [];

    /// <summary>The portrait is such that a profile is seen beside it.</summary>
    public bool CanBeSeen { get; private set; }

    /// <summary>Where it is found; empty while it is not shown.</summary>
    public IReadOnlyList<string> Places { get; private set; } = [];

    public bool IsDone { get; private set; }

    public async Task OnGet(string? done)
    {
        IsDone = done is not null;
        var kept = await profiles.Find(Visitor.Account, HttpContext.RequestAborted);
        await Fill(kept is { IsShown: true }, kept?.Name, kept?.Links.Select(link => (link.Url, link.Title)) ?? []);
    }

    public async Task<IActionResult> OnPost([FromForm] string? shown, [FromForm] string? name, [FromForm] string[] url, [FromForm] string[] title)
    {
        var rows = url.Select((one, number) => (Url: one ?? "", Title: number < title.Length ? title[number] ?? "" : "")).ToArray();
        try
        {
            await profiles.Save(Visitor.Account, shown == "yes", name, rows.Select(row => ((string?)row.Url, (string?)row.Title)), Visitor.Account.Value);
            return SeeOther("/me/profile?done=saved");
        }
        catch (ProfileRefusedException refused)
        {
            await Fill(shown == "yes", name, rows.Where(row => row.Url.Length > 0));
            return Refuse(StatusCodes.Status422UnprocessableEntity, refused.Reason switch
            {
                ProfileRefusal.Name => T["profile.noname", ProfileBook.MaxName],
                ProfileRefusal.Title => T["profile.notitle", ProfileBook.MaxName],
                ProfileRefusal.TooMany => T["profile.toomany", ProfileBook.MaxLinks],
                _ => T["profile.nolink", refused.Text],
            });
        }
    }

    private async Task Fill(bool isShown, string? name, IEnumerable<(string Url, string Title)> links)
    {
        (IsShown, Name) = (isShown, name ?? "");
        var filled = links.Take(ProfileBook.MaxLinks).ToList();
        Rows = [.. filled, .. Enumerable.Repeat(("", ""), Math.Min(EmptyRows, ProfileBook.MaxLinks - filled.Count))];
        CanBeSeen = profiles.CanBeSeen(await book.Find(Visitor.Account, HttpContext.RequestAborted));
        var places = new List<string>();
        foreach (var text in await addresses.Of(Visitor.Account, HttpContext.RequestAborted))
        {
            if (Address.TryParse(text, out var address) && address.Sha256 is var hash && await profiles.Shown(hash, HttpContext.RequestAborted) is not null)
            {
                places.Add($"{endpoint.Root(Request)}/{hash.Text}");
            }
        }

        Places = places;
    }
}

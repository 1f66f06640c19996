using System.Globalization;
using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/admin/pictures</c>: what people of a domain show, the latest, the largest and what several of them show; several at once are taken away.</summary>
[Needs(Right.Pictures)]
internal sealed class AdminPicturesModel(IStores stores, PortraitBook book, DomainPolicies policies, Administrators administrators) : SitePage
{
    // Each is a field of the form: a form has at most so many.
    private const int PageSize = 24;

    public static IReadOnlyList<PictureOrder> Orders { get; } = Enum.GetValues<PictureOrder>();

    /// <summary>Those whose pictures the visitor looks after.</summary>
    public IReadOnlyList<string> Domains => [.. policies.All.Select(policy => policy.Domain).Where(domain => Visitor.Rights.Has(Right.Pictures, domain))];

    public string Domain { get; private set; } = "";

    public PictureOrder Order { get; private set; }

    public IReadOnlyList<ListedPicture> Pictures { get; private set; } = [];

    /// <summary>Behind which the next page begins; null: there are no more.</summary>
    public string? More { get; private set; }

    /// <summary>How many were taken away just now; null: that was not asked for.</summary>
    public int? Taken { get; private set; }

    public async Task<IActionResult> OnGet(string? domain, string? order, string? after, int? taken)
    {
        Taken = taken;
        return await Load(domain, order, after) ? Page() : NotFound();
    }

    /// <param name="picture">Person and picture of each, as they were shown: what is another one by now stays.</param>
    public async Task<IActionResult> OnPost([FromForm] string? domain, [FromForm] string? order, [FromForm] string[]? picture, [FromForm] string? reason)
    {
        if (!await Load(domain, order, null))
        {
            return NotFound();
        }

        if (picture is not { Length: > 0 })
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["adminpictures.none"]);
        }

        if (string.IsNullOrWhiteSpace(reason))
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["admin.noreason"]);
        }

        var chosen = picture.Select(ReadChoice).OfType<(Identity Person, PictureId Picture)>().ToList();
        foreach (var (person, _) in chosen)
        {
            if (!await administrators.May(Visitor.Rights, new AdminAct.Clear(person, ""), HttpContext.RequestAborted))
            {
                return NotFound();
            }
        }

        var taken = 0;
        foreach (var (person, shown) in chosen)
        {
            if ((await book.Find(person)).Source?.Id != shown)
            {
                continue;
            }

            try
            {
                await administrators.Do(new AdminAct.Clear(person, reason.Trim()), Visitor);
                taken++;
            }
            catch (ActRefusedException)
            {
                // Somebody else was quicker.
            }
        }

        return SeeOther(string.Create(CultureInfo.InvariantCulture, $"{Place(Order)}&taken={taken}"));
    }

    public string Place(PictureOrder order, string? after = null) =>
        $"/admin/pictures?domain={Uri.EscapeDataString(Domain)}&order={order.ToString().ToLowerInvariant()}{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}";

    public string Image(ListedPicture picture) => $"{Request.PathBase}/admin/picture?account={Uri.EscapeDataString(picture.Person.Value)}&small=yes&v={picture.Picture.Id.Hex}";

    public static string Choice(ListedPicture picture) => $"{picture.Picture.Id.Hex} {picture.Person}";

    private async Task<bool> Load(string? domain, string? order, string? after)
    {
        var mine = Domains;
        var here = policies.ForHost(Request.Host.Host).Domain;
        Domain = domain is { Length: > 0 } ? domain : mine.Contains(here) ? here : mine.Count > 0 ? mine[0] : "";
        if (!mine.Contains(Domain))
        {
            return false;
        }

        Order = Orders.FirstOrDefault(known => known.ToString().Equals(order, StringComparison.OrdinalIgnoreCase));
        var page = await stores.Bulk.Pictures(Order, Domain, ReadMark(after), PageSize + 1, HttpContext.RequestAborted);
        Pictures = [.. page.Take(PageSize)];
        More = page.Count > PageSize ? Mark(Pictures[^1]) : null;
        return true;
    }

    // By what the three orders go, and whose it is.
    private static string Mark(ListedPicture last) =>
        string.Create(CultureInfo.InvariantCulture, $"{last.Changed.UtcTicks} {last.Picture.Length} {last.Picture.Id.Hex} {last.Person}");

    private static ListedPicture? ReadMark(string? mark) =>
        mark?.Split(' ', 4) is [var changed, var bytes, var id, { Length: > 0 } person]
        && long.TryParse(changed, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.Ticks
        && int.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
        && PictureId.TryParse(id, out var picture)
            ? new ListedPicture(new Identity(person), new PictureInfo(picture, "", 0, 0, length), new DateTimeOffset(ticks, TimeSpan.Zero), default)
            : null;

    private static (Identity Person, PictureId Picture)? ReadChoice(string choice) =>
        choice.Split(' ', 2) is [var id, { Length: > 0 } person] && PictureId.TryParse(id, out var picture) ? (new Identity(person), picture) : null;
}

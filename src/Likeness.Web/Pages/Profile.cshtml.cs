using Likeness.Libravatar;
using Likeness.Stores;
using Likeness.Web.Profiles;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/HASH</c>: what a person shows of themselves to everybody. Whoever shows nothing is as unknown as somebody never heard of.</summary>
[Open]
internal sealed class ProfileModel(ProfileBook profiles, ProfileEndpoint endpoint) : SitePage
{
    public const int Size = 320;

    public ShownProfile Shown { get; private set; } = null!;

    public string Hash { get; private set; } = "";

    public Profile Profile => Shown.Profile;

    /// <summary>Where it is reached from outside, as sites that check <c>rel="me"</c> want it.</summary>
    public string Address => $"{endpoint.Root(Request)}/{Hash}";

    public string PictureAddress => $"{endpoint.Root(Request)}/avatar/{Hash}";

    public string Picture(int pixels) => $"{Request.PathBase}/avatar/{Hash}?s={pixels}";

    /// <summary>The first frame of what moves: avatars of another type than their own do not move.</summary>
    public string Still(int pixels) => $"{Request.PathBase}/avatar/{Hash}.png?s={pixels}";

    public async Task<IActionResult> OnGet(string hash)
    {
        if (!AddressHash.TryParse(hash, out var asked) || await profiles.Shown(asked, HttpContext.RequestAborted) is not { } shown)
        {
            return NotFound();
        }

        (Shown, Hash) = (shown, asked.Text);
        return Page();
    }
}

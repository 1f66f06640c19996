using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Providers;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary>
/// <c>/invite/TOKEN</c>: who was sent an invitation (XEP-0401 §5.2) opens the account right here, or in a chat program. The link is worth an
/// account: nothing keeps it or passes it on.
/// </summary>
[Open]
internal sealed class InviteModel(InvitationBook invitations, SignUps signUps, ProviderBook providers) : SitePage
{
    public static IReadOnlyList<(string Name, string Systems, string Url)> Programs { get; } =
    [
        ("Conversations", "Android", "https://f-droid.org/packages/eu.siacs.conversations/"),
        ("Monal", "iPhone, iPad, Mac", "https://apps.apple.com/app/id317711500"),
        ("Dino", "Linux", "https://dino.im/"),
        ("Gajim", "Linux, Windows", "https://gajim.org/"),
    ];

    public IEnumerable<string> Providers => providers.All.Select(provider => provider.Name);

    /// <summary>What the address of the page says.</summary>
    public string Token => (string)RouteData.Values["token"]!;

    /// <summary>Null: it is not good, or not any more.</summary>
    public Invitation? Invitation { get; private set; }

    public string? Name { get; private set; }

    /// <summary>What chat programs open.</summary>
    public string? Chat { get; private set; }

    public NewAccount Form(Invitation invitation) => signUps.Form(T, invitation.Name ?? Name, invitation.Domain, work: null, Problem) with { IsGiven = invitation.Name is not null };

    public async Task OnGet(string token)
    {
        Response.Headers["Referrer-Policy"] = "no-referrer";
        Invitation = await invitations.Find(token, HttpContext.RequestAborted);
        Chat = Invitation is null ? null : InvitationLinks.Chat(Invitation, token);
        Response.StatusCode = Invitation is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
    }

    public async Task<IActionResult> OnPost(string token, [FromForm] string? name, [FromForm] string? password)
    {
        await OnGet(token);
        Name = name?.Trim();
        if (Invitation is not { OpensAccount: true } invitation)
        {
            Invitation = null;
            return Refuse(StatusCodes.Status404NotFound, T["invite.gone.title"]);
        }

        try
        {
            return SeeOther(await signUps.Open(HttpContext, name, invitation.Domain, password, InvitationToken.HashOf(token)));
        }
        catch (AccountRefusedException refused)
        {
            return Refuse(refused);
        }
    }
}

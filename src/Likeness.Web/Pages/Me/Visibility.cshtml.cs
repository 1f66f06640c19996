using Likeness.Web.Portraits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/visibility</c>: who sees the portrait, and a table of what that means, from the function that decides it.</summary>
internal sealed class VisibilityModel(PortraitBook book, DomainPolicies policies, OwnPortrait own) : SitePage
{
    public static IReadOnlyList<Visibility> Choices { get; } = Enum.GetValues<Visibility>();

    /// <summary>Where a portrait is seen, and as whom one looks at it there.</summary>
    public static IReadOnlyList<(string Place, AvatarRelation Relation)> Places { get; } =
    [
        ("web", AvatarRelation.Stranger),
        ("webfinger", AvatarRelation.Stranger),
        ("contact", AvatarRelation.Contact),
        ("stranger", AvatarRelation.Stranger),
        ("room", AvatarRelation.Stranger),
        ("self", AvatarRelation.Owner),
    ];

    // Where the chat server decides.
    private static readonly string[] Chats = ["contact", "stranger", "room"];

    public Visibility Current { get; private set; }

    /// <summary>The widest that the domain lets be chosen.</summary>
    public Visibility Widest => book.Defaults.Widest(Visitor.Account);

    public string NoWider => T["visibility.widest", Visitor.Account.Domain, T["visibility." + Widest.ToString().ToLowerInvariant()]];

    public Deciders Deciders { get; private set; } = new(null, InChats: false);

    /// <summary>The places about which it is decided here.</summary>
    public IEnumerable<(string Place, AvatarRelation Relation)> Shown => Places.Where(place => !Deciders.InChats || !Chats.Contains(place.Place));

    /// <summary>For how long browsers may keep what they were shown.</summary>
    public int CacheMinutes => (policies.For(Visitor.Account.Domain).CacheSeconds + 59) / 60;

    public async Task OnGet()
    {
        Current = book.VisibilityOf(await book.Find(Visitor.Account, HttpContext.RequestAborted));
        Deciders = await own.WhoDecides(Visitor.Account, HttpContext.RequestAborted);
    }

    public async Task<IActionResult> OnPost([FromForm] string? visibility)
    {
        // Names alone: a number is no choice.
        if (Choices.Where(choice => choice.ToString().Equals(visibility, StringComparison.OrdinalIgnoreCase)).ToArray() is not [var wanted])
        {
            await OnGet();
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["visibility.none"]);
        }

        if (wanted < Widest)
        {
            await OnGet();
            return Refuse(StatusCodes.Status422UnprocessableEntity, NoWider);
        }

        await own.SetVisibility(Visitor.Account, wanted);
        return SeeOther("/me?done=visibility");
    }
}

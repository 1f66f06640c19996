using System.Globalization;
using Likeness.Accounts;
using Likeness.Libravatar;
using Likeness.Stores;
using Likeness.Web.Passkeys;
using Likeness.Web.Portraits;
using Likeness.Web.Providers;
using Likeness.Xmpp.Sasl;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me</c>: a person's portrait, and where it is seen.</summary>
internal sealed class MeModel(OwnPortrait own, AddressBook addresses, IStores stores, PasskeyBook passkeys, ProviderBook providers, OwnCheck check, PageOptions options, IChatsBeside? beside = null) : SitePage
{
    public Identity Account => Visitor.Account;

    public Seen Seen { get; private set; } = null!;

    public Deciders Deciders { get; private set; } = null!;

    public IReadOnlyList<string> Addresses { get; private set; } = [];

    public bool HasProviders => providers.All.Count > 0;

    public bool OffersCheck => check.IsOffered;

    public bool OffersPasskeys => passkeys.IsOffered;

    public bool CanRestore => !Seen.Portrait.IsShown && own.CanRestore(Account);

    /// <summary>Why somebody else took the picture away, when that was the last that was done; null: nobody did, or nobody said.</summary>
    public string? TakenBy { get; private set; }

    /// <summary>The text that says what was done just now; null: nothing.</summary>
    public string? Done { get; private set; }

    /// <summary>Where the picture of somebody on a chat server beside this one is; null: the person's chats are here, or there are none.</summary>
    public ChatStanding? Standing { get; private set; }

    /// <summary>The password is one of this server.</summary>
    public bool HasPassword { get; private set; }

    /// <summary>The places where portraits are seen, and whether this one is.</summary>
    public IEnumerable<(string Key, bool IsSeen)> Places =>
    [
        ("web", Seen.OnTheWeb),
        .. Standing is { } standing ? [("chats", standing == ChatStanding.InChats)]
            : options.HasChats ? [("contacts", Seen.ByContacts), ("strangers", Seen.ByStrangers)]
            : (IEnumerable<(string, bool)>)[],
    ];

    /// <summary>Why it is not seen there.</summary>
    public string NotSeen(string key) => key == "chats" && Standing == ChatStanding.OnlyHere ? T["seen.chats.here"] : T["seen." + key + ".no"];

    public async Task OnGet(string? done)
    {
        Seen = await own.Look(Account, options.HasChats, HttpContext.RequestAborted);
        Deciders = await own.WhoDecides(Account, HttpContext.RequestAborted);
        Standing = beside is null ? null : await beside.StandingOf(Account, HttpContext.RequestAborted);
        HasPassword = await stores.Accounts.Find(Account, HttpContext.RequestAborted) is { Hashes: not ScramHashes.None };
        Addresses = await addresses.Of(Account, HttpContext.RequestAborted);
        TakenBy = Seen.Portrait.IsShown || Seen.Portrait.Version == 0
            ? null
            : (await stores.Audit.Read([Account.Value], since: null, 1, HttpContext.RequestAborted)) is [{ Action: "avatar clear", Reason: { } reason } last] && last.By != Account.Value ? reason : null;
        Done = done switch
        {
            "removed" when !Seen.Portrait.IsShown => "me.removed",
            "restored" when Seen.Portrait.IsShown => "me.restored",
            "visibility" => "me.visibility.done",
            "password" => "password.done",
            _ => null,
        };
    }

    public async Task<IActionResult> OnPostRemove()
    {
        try
        {
            await own.Clear(Account);
            return SeeOther("/me?done=removed");
        }
        catch (PortraitLockedException)
        {
            await OnGet(null);
            return Refuse(StatusCodes.Status423Locked, T["me.locked"]);
        }
    }

    public async Task<IActionResult> OnPostRestore()
    {
        await own.Restore(Account);
        return SeeOther("/me?done=restored");
    }

    /// <summary>What the web shows of the person when there is no picture.</summary>
    public string Face(int size) => string.Create(CultureInfo.InvariantCulture, $"{Request.PathBase}/avatar/{AddressHash.Sha256(Account.Value).Text}?s={size}");

    /// <summary>The picture, or the face that stands in for it.</summary>
    public string Picture(int size) => Seen.Portrait.Source is null
        ? Face(size)
        : string.Create(CultureInfo.InvariantCulture, $"{Request.PathBase}/me/picture/{size}?v={Seen.Portrait.Version}");
}

using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Language;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/sessions</c>: the browsers in which the person is signed in.</summary>
internal sealed class SessionsModel(WebSessions sessions) : SitePage
{
    // The first that is in it counts: each says the names of those it wants to be taken for behind its own.
    private static readonly (string Sign, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("Vivaldi/", "Vivaldi"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];

    private static readonly (string Sign, string Name)[] Systems =
        [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"), ("Linux", "Linux")];

    public IReadOnlyList<WebSession> Sessions { get; private set; } = [];

    public string Here => Visitor.Session!.Id;

    /// <summary>As people call it; what nobody knows is as it calls itself.</summary>
    internal static string NameOf(string agent, Words words)
    {
        if (agent == "?")
        {
            return words["sessions.unnamed"];
        }

        var (browser, system) = (In(agent, Browsers), In(agent, Systems));
        return browser is null ? agent : system is null ? browser : words["sessions.browser", browser, system];

        static string? In(string agent, (string Sign, string Name)[] all) => Array.Find(all, one => agent.Contains(one.Sign, StringComparison.Ordinal)).Name;
    }

    public async Task OnGet() => Sessions = await sessions.List(Visitor.Account, HttpContext.RequestAborted);

    public async Task<IActionResult> OnPostEnd([FromForm] string? id)
    {
        await sessions.End(Visitor.Account, id ?? "", CancellationToken.None);
        return SeeOther("/me/sessions");
    }

    public async Task<IActionResult> OnPostEndOthers()
    {
        await sessions.EndOthers(Visitor.Account, Here, CancellationToken.None);
        return SeeOther("/me/sessions");
    }
}
